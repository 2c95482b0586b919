"""Train the embedded sentiment table: open corpus, our own corpus and seed phrases in, `voice_ru_en.npz` out.

    python tools/train_voice.py --data DIR [--out FILE]

DIR holds `open_corpus.csv.gz` (columns text, label 0/1/2, lang, src, split, license) and `polsentilex_raw.csv` (word,
worth), whose sha256 are pinned below. They are not part of the repository; docs/voice-model.md says where they come
from. Our own is data/voice. The same inputs on the same machine give the same bytes. About two minutes on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from voice_corpus import messages
from voice_seeds import seed_phrases

from journey_mining.voice.batch import FEELINGS, LABELS
from journey_mining.voice.cleaning import clean
from journey_mining.voice.embedded import MODEL_FILE
from journey_mining.voice.features import FEATURE_VERSION, blocks_of
from journey_mining.voice.hashed_table import rounded

CORPUS, WORDS = "open_corpus.csv.gz", "polsentilex_raw.csv"
SHA256 = {
    CORPUS: "a8467ad49a499eb4c3680cea3ff504324c5762d83104a3dcc22ad4804d8e652c",
    WORDS: "0b476e467938b5c1a3ea0908ae0427a37073b336b3e3387816df2c6ceb1decee",
}
OPEN_LICENCES = frozenset({"CC BY 4.0", "CC BY 4.0/Apache-2.0 (Google)", "Apache-2.0", "MIT (MT of GoEmotions)"})
VERSION = "3"
BITS = 20
SOURCE_WEIGHTS = {"xed_ru": 0.3, "goemotions": 0.5, "cedr": 0.6, "uci_reviews": 2.0}
"""product sentences count for more, film subtitles without neutral lines and prose for less; others weigh 1"""
TO_A_COMPANY = {"open": 0.3, "seeds": 0.5, "customers": 1.5, "posts": 0.05}
ELSEWHERE = {"open": 1.0, "seeds": 0.3, "customers": 0.1, "posts": 0.2, "words": 0.2}
NEAR = {"open": 1.0, "seeds": 0.2, "customers": 1.0, "posts": 0.3}
"""weight of all examples of a part together, in the two models of polarity and in the one that mixes them"""
STEEPNESS, LEANING = 0.7, 0.5
"""the mixing model is less sure of itself than it could be, and leans to customers: they are who writes"""
CLIPPED = 1e-4
"""share of the largest weights that are cut when they become whole numbers"""
_POLAR_WORTH, _NEUTRAL_WORTH = 0.6, 0.2

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What can be varied in training; the defaults make the shipped table."""

    seed: int = 20260928
    draws: int = 3
    """trainings whose weights are averaged"""
    epochs: int = 5
    rate: float = 0.02
    batch: int = 512
    dropout: float = 0.5
    """share of features hidden at random from each example"""
    decay: float = 1e-6
    """pull of every weight towards 0"""
    fewest: int = 3
    """examples that must hold a feature for it to have a weight"""
    parts: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: {"to a company": TO_A_COMPANY, "elsewhere": ELSEWHERE, "near": NEAR}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Cleaned texts and what is known of them; columns label, lang, src, part (a key of `ELSEWHERE`), feelings."""

    rows: pd.DataFrame
    features: sparse.csr_matrix
    """shape (rows, 2**BITS)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Trained weights before they are rounded: shape (2**BITS, outcomes), one column for each outcome."""

    weights: Matrix
    bias: Matrix


def read_corpus(folder: Path) -> pd.DataFrame:
    """Rows of the open corpus; refuses another file, and rows without a licence that allows shipping."""
    corpus = pd.read_csv(_pinned(folder, CORPUS))
    closed = sorted(set(corpus["license"]) - OPEN_LICENCES)
    if closed:
        sys.exit(
            f"{folder / CORPUS} holds rows under {closed}; only {sorted(OPEN_LICENCES)} may train a shipped table."
        )
    return corpus


def read_words(folder: Path) -> pd.DataFrame:
    """Russian words of PolSentiLex as examples of one word each, where they are clearly polar or clearly neutral."""
    words = pd.read_csv(_pinned(folder, WORDS), header=None, names=["text", "worth"], encoding="utf-8-sig")
    words["worth"] = pd.to_numeric(words["worth"], errors="coerce")
    mean = words.dropna().groupby("text", as_index=False)["worth"].mean()
    polar = np.where(mean["worth"] > 0, 2, 0)
    mean["label"] = np.where(mean["worth"].abs() >= _POLAR_WORTH, polar, 1)
    told = (mean["worth"].abs() >= _POLAR_WORTH) | (mean["worth"].abs() <= _NEUTRAL_WORTH)
    return mean.loc[told, ["text", "label"]].assign(lang="ru")


def _pinned(folder: Path, name: str) -> Path:
    path = folder / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256[name]:
        sys.exit(f"{path} has sha256 {digest}, expected {SHA256[name]}: get the pinned file, or pin the new one.")
    return path


def training_examples(folder: Path) -> Examples:
    """Training splits of both corpora, the seed phrases and the words of a lexicon."""
    corpus = read_corpus(folder)
    own = own_messages()
    parts = {
        "open": corpus.loc[corpus["split"] == "train", ["text", "label", "lang", "src"]],
        "seeds": pd.DataFrame(seed_phrases(), columns=["text", "label", "lang"]),
        "words": read_words(folder),
        "customers": own[own["kind"] == "customer"],
        "posts": own[own["kind"] == "social"],
    }
    rows = pd.concat([rows.assign(part=name) for name, rows in parts.items()], ignore_index=True)
    rows["label"] = rows["label"].astype(np.int64)
    return Examples(rows=rows, features=feature_matrix([clean(text) for text in rows["text"]]))


def own_messages() -> pd.DataFrame:
    """Training split of our own corpus with the columns of the open one; what is not English is balanced as Russian."""
    rows = messages("train")
    return pd.DataFrame(
        {
            "text": rows["text"],
            "label": rows["label"].map(LABELS.index),
            "lang": rows["language"].where(rows["language"] == "en", "ru"),
            "kind": rows["kind"],
            "feelings": rows["emotions"],
        }
    )


def trained(examples: Examples, recipe: Recipe) -> tuple[Matrix, Matrix]:
    """Columns of the shipped table, shape (columns, 2**BITS), and their constants."""
    rows = examples.rows
    polarity = rows["label"].to_numpy(np.int64)
    is_near = rows["part"].isin(["customers", "seeds"]).to_numpy(np.int64)
    columns = []
    for name in ("to a company", "elsewhere"):
        table = mean_table(examples, polarity, weights_of(rows, rows["label"], recipe.parts[name]), recipe)
        columns += [against(table, outcome, 1) for outcome in (0, 2)]
    near = mean_table(examples, is_near, weights_of(rows, is_near, recipe.parts["near"]), recipe)
    columns.append(against(near, 1, 0, times=STEEPNESS, plus=LEANING))
    columns += [feeling_column(examples, name, recipe) for name in FEELINGS]
    return np.stack([weights for weights, _ in columns]), np.array([bias for _, bias in columns])


def feeling_column(examples: Examples, feeling: str, recipe: Recipe) -> tuple[Matrix, float]:
    """Weights and constant of one feeling: learned from customer messages, which alone are marked throughout."""
    rows = examples.rows
    has = np.array([isinstance(marked, list) and feeling in marked for marked in rows["feelings"]], np.int64)
    table = mean_table(examples, has, weights_of(rows, has, {"customers": 1.0}), recipe)
    return against(table, 1, 0)


def weights_of(rows: pd.DataFrame, outcomes: pd.Series | NDArray[np.int64], shares: Mapping[str, float]) -> Floats:
    """Weight of each example: languages and outcomes weigh the same inside each part, and each part its share."""
    weights = np.zeros(len(rows))
    told = rows.assign(outcome=outcomes)
    for part, share in shares.items():
        mine = (rows["part"] == part).to_numpy()
        weights[mine] = share * balanced(told[mine])
    weights *= rows["src"].map(SOURCE_WEIGHTS).fillna(1.0).to_numpy(np.float64)
    scaled: Floats = (weights / weights[weights > 0].mean()).astype(np.float32)
    return scaled


def balanced(rows: pd.DataFrame) -> Matrix:
    """Weights of sum 1 that give each (language, outcome) cell the same sum."""
    cells = rows.groupby(["lang", "outcome"])["text"].transform("size").to_numpy(np.float64)
    weights = 1.0 / cells
    scaled: Matrix = weights / weights.sum()
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


def mean_table(examples: Examples, outcomes: NDArray[np.int64], weights: Floats, recipe: Recipe) -> Table:
    """Mean of trainings with other draws: of linear models it is one again, and steadier than each.

    Rare features count for more while training (log of inverse frequency); what is rarer than `fewest` has no weight.
    """
    used = np.flatnonzero(weights > 0)
    features = examples.features[used]
    held = np.bincount(features.indices, minlength=features.shape[1])
    kept = np.flatnonzero(held >= recipe.fewest)
    rarity = np.log((1 + len(used)) / (1 + held[kept])) + 1
    rarity = (rarity / rarity.mean()).astype(np.float32)
    scaled = (features[:, kept] @ sparse.diags(rarity)).tocsr().astype(np.float32)
    tables = [
        train(scaled, outcomes[used], weights[used], recipe, seed=recipe.seed + draw) for draw in range(recipe.draws)
    ]
    whole = np.zeros((features.shape[1], tables[0].weights.shape[1]))
    whole[kept] = np.mean([table.weights for table in tables], axis=0) * rarity[:, None]
    return Table(weights=whole, bias=np.mean([table.bias for table in tables], axis=0))


def train(
    features: sparse.csr_matrix, outcomes: NDArray[np.int64], weights: Floats, recipe: Recipe, *, seed: int
) -> Table:
    """Weighted multinomial logistic regression by Adam with feature dropout and a falling rate."""
    draw = np.random.Generator(np.random.PCG64(seed))
    count = int(outcomes.max()) + 1
    table, bias = Adam((features.shape[1], count)), Adam((count,))
    batches = list(_batches(len(outcomes), recipe, draw))
    for number, rows in enumerate(batches):
        rate = recipe.rate * (1 - number / len(batches))
        part = _dropped(features[rows], recipe.dropout, draw)
        error = _error(part @ table.value + bias.value, outcomes[rows], weights[rows])
        table.step(part.T @ error + np.float32(recipe.decay) * table.value, rate)
        bias.step(error.sum(axis=0), rate)
    return Table(weights=table.value.astype(np.float64), bias=bias.value.astype(np.float64))


def against(table: Table, outcome: int, other: int, *, times: float = 1.0, plus: float = 0.0) -> tuple[Matrix, float]:
    """Weights and constant of one outcome against another: only differences of logits matter."""
    weights = times * (table.weights[:, outcome] - table.weights[:, other])
    return weights, float(times * (table.bias[outcome] - table.bias[other]) + plus)


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


def save(columns: Matrix, bias: Matrix, out: Path) -> None:
    """Write the table that the embedded engine reads."""
    weights, scale = rounded(columns, clipped=CLIPPED)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        out,
        version=np.array(VERSION),
        feature_version=np.array(FEATURE_VERSION),
        weights=weights,
        scale=scale,
        bias=bias,
        feelings=np.array(FEELINGS),
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
    arguments.add_argument("--data", type=Path, required=True, help=f"folder that holds {CORPUS} and {WORDS}")
    arguments.add_argument("--out", type=Path, default=MODEL_FILE)
    given = arguments.parse_args()
    examples = training_examples(given.data)
    save(*trained(examples, Recipe()), given.out)
    content = given.out.read_bytes()
    print(f"{len(examples.rows)} examples, {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
