"""Train the embedded sentiment table: open corpus, our own corpus and seed phrases in, `voice_ru_en.npz` out.

    python tools/train_voice.py --data DIR [--out FILE]

DIR holds `open_corpus.csv.gz` (columns text, label 0/1/2, lang, src, split, license), whose sha256 is pinned below.
That corpus is not part of the repository; docs/voice-model.md says where its parts come from. Our own is data/voice.
The same inputs on the same machine give the same bytes. About one minute on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from voice_corpus import messages
from voice_seeds import seed_phrases

from journey_mining.voice.batch import LABELS
from journey_mining.voice.cleaning import clean
from journey_mining.voice.embedded import MODEL_FILE
from journey_mining.voice.features import FEATURE_VERSION, blocks_of

CORPUS = "open_corpus.csv.gz"
CORPUS_SHA256 = "a8467ad49a499eb4c3680cea3ff504324c5762d83104a3dcc22ad4804d8e652c"
OPEN_LICENCES = frozenset({"CC BY 4.0", "CC BY 4.0/Apache-2.0 (Google)", "Apache-2.0", "MIT (MT of GoEmotions)"})
VERSION = "2"
BITS = 20
SOURCE_WEIGHTS = {"xed_ru": 0.3, "goemotions": 0.5, "cedr": 0.6, "uci_reviews": 2.0}
"""product sentences count for more, film subtitles without neutral lines and prose for less; others weigh 1"""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What can be varied in training; the defaults make the shipped table."""

    seed: int = 20260928
    epochs: int = 5
    rate: float = 0.02
    batch: int = 512
    dropout: float = 0.5
    """share of features hidden at random from each example"""
    decay: float = 1e-6
    """pull of every weight towards 0"""
    seed_share: float = 0.5
    """weight of all seed phrases together, against 1 for the open corpus"""
    customer_share: float = 1.5
    """weight of all customer messages of our own corpus"""
    social_share: float = 0.3
    """weight of all social posts of our own corpus"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Cleaned texts with labels and weights; weights have mean 1."""

    texts: list[str]
    labels: NDArray[np.int64]
    """0 negative, 1 neutral, 2 positive"""
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Trained weights before they are rounded: shape (2**BITS, 3), one column for each label."""

    weights: Floats
    bias: Floats


def read_corpus(folder: Path) -> pd.DataFrame:
    """Rows of the open corpus; refuses another file, and rows without a licence that allows shipping."""
    path = folder / CORPUS
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != CORPUS_SHA256:
        sys.exit(f"{path} has sha256 {digest}, expected {CORPUS_SHA256}: get the pinned file, or pin the new one.")
    corpus = pd.read_csv(path)
    closed = sorted(set(corpus["license"]) - OPEN_LICENCES)
    if closed:
        sys.exit(f"{path} holds rows under {closed}; only {sorted(OPEN_LICENCES)} may train a shipped table.")
    return corpus


def training_examples(corpus: pd.DataFrame, recipe: Recipe) -> Examples:
    """Training splits of both corpora and the seed phrases; languages and labels weigh the same inside each part."""
    own = own_messages()
    parts = (
        (corpus.loc[corpus["split"] == "train", ["text", "label", "lang", "src"]], 1.0),
        (pd.DataFrame(seed_phrases(), columns=["text", "label", "lang"]), recipe.seed_share),
        (own[own["kind"] == "customer"], recipe.customer_share),
        (own[own["kind"] == "social"], recipe.social_share),
    )
    rows = pd.concat([part for part, _ in parts], ignore_index=True)
    weight = np.concatenate([balanced(part) * share for part, share in parts])
    weight *= rows["src"].map(SOURCE_WEIGHTS).fillna(1.0).to_numpy(np.float64)
    return Examples(
        texts=[clean(text) for text in rows["text"]],
        labels=rows["label"].to_numpy(np.int64),
        weights=(weight / weight.mean()).astype(np.float32),
    )


def own_messages() -> pd.DataFrame:
    """Training split of our own corpus with the columns of the open one; what is not English is balanced as Russian."""
    rows = messages("train")
    return pd.DataFrame(
        {
            "text": rows["text"],
            "label": rows["label"].map(LABELS.index),
            "lang": rows["language"].where(rows["language"] == "en", "ru"),
            "kind": rows["kind"],
        }
    )


def balanced(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Weights of sum 1 that give each (language, label) cell the same sum."""
    cells = rows.groupby(["lang", "label"])["text"].transform("size").to_numpy(np.float64)
    weights = 1.0 / cells
    scaled: NDArray[np.float64] = weights / weights.sum()
    return scaled


def feature_matrix(texts: list[str], *, bits: int = BITS, at_once: int = 4_096) -> sparse.csr_matrix:
    """Sparse matrix of the features that the engine computes, with the same weights."""
    parts = []
    for start in range(0, len(texts), at_once):
        part = texts[start : start + at_once]
        total = sparse.csr_matrix((len(part), 1 << bits), dtype=np.float32)
        for block in blocks_of(part, bits=bits):
            values = block.message_weights(len(part)).astype(np.float32)[block.message]
            total = total + sparse.csr_matrix((values, (block.message, block.bucket)), shape=total.shape)
        parts.append(total)
    return sparse.vstack(parts, format="csr", dtype=np.float32)


def train(examples: Examples, recipe: Recipe, *, bits: int = BITS) -> Table:
    """Weighted multinomial logistic regression by Adam with feature dropout and a falling rate."""
    features = feature_matrix(examples.texts, bits=bits)
    draw = np.random.Generator(np.random.PCG64(recipe.seed))
    weights, bias = Adam((1 << bits, 3)), Adam((3,))
    batches = list(_batches(len(examples.texts), recipe, draw))
    for number, rows in enumerate(batches):
        rate = recipe.rate * (1 - number / len(batches))
        part = _dropped(features[rows], recipe.dropout, draw)
        error = _error(part @ weights.value + bias.value, examples.labels[rows], examples.weights[rows])
        weights.step(part.T @ error + np.float32(recipe.decay) * weights.value, rate)
        bias.step(error.sum(axis=0), rate)
    return Table(weights=weights.value, bias=bias.value)


class Adam:
    """Kingma and Ba 2015 with the usual constants, in float32."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.value = np.zeros(shape, np.float32)
        self._mean = np.zeros(shape, np.float32)
        self._square = np.zeros(shape, np.float32)
        self._steps = 0

    def step(self, gradient: Floats, rate: float) -> None:
        """Move against the gradient."""
        self._steps += 1
        self._mean += np.float32(0.1) * (gradient - self._mean)
        self._square += np.float32(0.001) * (gradient * gradient - self._square)
        size = rate * np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        self.value -= np.float32(size) * self._mean / (np.sqrt(self._square) + np.float32(1e-8))


def quantised(table: Table) -> tuple[NDArray[np.int8], float]:
    """Whole numbers -127..127 of shape (2, buckets) and the size of one; the largest 0.01 % are clipped.

    Only differences of logits matter, so negative and positive are kept against neutral.
    """
    against = (table.weights[:, (0, 2)] - table.weights[:, 1:2]).T
    scale = float(np.quantile(np.abs(against[against != 0]), 0.9999)) / 127
    return np.clip(np.round(against / scale), -127, 127).astype(np.int8), scale


def save(table: Table, out: Path) -> None:
    """Write the table that the embedded engine reads."""
    weights, scale = quantised(table)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        out,
        version=np.array(VERSION),
        feature_version=np.array(FEATURE_VERSION),
        weights=weights,
        scale=np.array(scale, np.float64),
        bias=(table.bias[[0, 2]] - table.bias[1]).astype(np.float64),
    )


def _batches(count: int, recipe: Recipe, draw: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(recipe.epochs):
        order = draw.permutation(count)
        for start in range(0, count, recipe.batch):
            yield order[start : start + recipe.batch]


def _dropped(part: sparse.csr_matrix, share: float, draw: np.random.Generator) -> sparse.csr_matrix:
    kept = draw.random(len(part.data), dtype=np.float32) >= share
    part.data = np.where(kept, part.data / np.float32(1 - share), np.float32(0))
    return part


def _error(logits: Floats, labels: NDArray[np.int64], weights: Floats) -> Floats:
    """Gradient of the mean weighted cross-entropy by the logits."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    wrong = odds / odds.sum(axis=1, keepdims=True)
    wrong[np.arange(len(labels)), labels] -= 1
    scaled: Floats = (wrong * (weights / len(labels))[:, None]).astype(np.float32)
    return scaled


def main() -> None:
    """Train and write; print the size and the sha256."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help=f"folder that holds {CORPUS}")
    arguments.add_argument("--out", type=Path, default=MODEL_FILE)
    given = arguments.parse_args()
    recipe = Recipe()
    examples = training_examples(read_corpus(given.data), recipe)
    save(train(examples, recipe), given.out)
    content = given.out.read_bytes()
    print(f"{len(examples.texts)} examples, {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
