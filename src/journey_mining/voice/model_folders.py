"""Models of other makes in a folder of yours: ONNX files and Hugging Face folders. Read from disk, never downloaded.

In: a folder with config.json and the model. Out: a `SentimentEngine`. The packages come with the extras `onnx` and
`hf` and are imported only when such an engine is named. Texts are scored in groups of equal length, without padding, so
that the score of a text does not depend on its neighbours.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey_mining.errors import SettingsError
from journey_mining.voice.batch import LABELS, SentimentBatch
from journey_mining.voice.scorable import scorable

LONGEST = 256
"""tokens of a text that are read"""
_AT_ONCE = 32
_ONLY_DATA = {"local_files_only": True, "trust_remote_code": False}
"""neither the network nor Python code of the folder; with safetensors only, no pickle either"""
_WORDS = (("neg", "негатив"), ("neu", "нейтрал"), ("pos", "позитив"))
_STARS = {"1": 0, "2": 0, "3": 1, "4": 2, "5": 2}

Logits = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerEngine:
    """Tokens in, logits out, and which label each output stands for."""

    name: str
    tokens_of: Callable[[str], list[int]]
    logits_of: Callable[[NDArray[np.int64]], Logits]
    """of token ids, shape (texts, tokens): shape (texts, outputs)"""
    outputs: tuple[int, ...]
    """place in `LABELS` of each output"""
    reads_any_language: bool = True

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Score messages; see `SentimentEngine`."""
        given = scorable(texts)
        tokens = [self.tokens_of(text)[:LONGEST] for text in given.said]
        probabilities = np.full((len(tokens), len(LABELS)), np.nan)
        by_length = sorted((row for row in range(len(tokens)) if tokens[row]), key=lambda row: (len(tokens[row]), row))
        for rows in _equal_lengths(by_length, tokens):
            logits = self.logits_of(np.array([tokens[row] for row in rows], np.int64))
            odds = np.exp(logits - logits.max(axis=1, keepdims=True))
            shares = odds / odds.sum(axis=1, keepdims=True)
            probabilities[rows] = 0.0
            for output, label in enumerate(self.outputs):
                probabilities[rows, label] += shares[:, output]
        return given.batch(probabilities)


def onnx_engine(folder: Path) -> TransformerEngine:
    """An engine from a folder with one .onnx file, tokenizer.json and config.json.

    Raises:
        SettingsError: a package or a file is missing, or the labels of the model are unknown.
    """
    runtime, tokenizers = _package("onnxruntime", "onnx"), _package("tokenizers", "onnx")
    models = sorted(folder.glob("*.onnx"))
    if len(models) != 1 or not (folder / "tokenizer.json").is_file():
        raise _no_model(folder, "one .onnx file, tokenizer.json and config.json")
    outputs = outputs_of(folder)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # sums in another order would differ in their last bits
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        session = runtime.InferenceSession(str(models[0]), options, providers=["CPUExecutionProvider"])
    except Exception as fault:
        raise _no_model(folder, "an .onnx file and a tokenizer.json that their packages can read", fault) from fault
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=LONGEST)
    wanted = [given.name for given in session.get_inputs()]

    def logits_of(tokens: NDArray[np.int64]) -> Logits:
        known = {"attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        inputs = {name: known.get(name, tokens) for name in wanted}
        return np.asarray(session.run(None, inputs)[0], np.float64)

    return TransformerEngine(
        name=f"onnx-{_version(folder)}",
        tokens_of=lambda text: list(tokenizer.encode(text).ids),
        logits_of=logits_of,
        outputs=outputs,
    )


def hf_engine(folder: Path) -> TransformerEngine:
    """An engine from a folder that `save_pretrained` wrote: config.json, weights, tokenizer.

    Raises:
        SettingsError: a package or a file is missing, or the labels of the model are unknown.
    """
    transformers, torch = _package("transformers", "hf"), _package("torch", "hf")
    outputs = outputs_of(folder)
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **_ONLY_DATA)
        make = transformers.AutoModelForSequenceClassification.from_pretrained
        model = make(folder, use_safetensors=True, **_ONLY_DATA).eval()
    except Exception as fault:
        expected = "config.json, model.safetensors and a tokenizer, as save_pretrained writes them; no code is run"
        raise _no_model(folder, expected, fault) from fault

    def logits_of(tokens: NDArray[np.int64]) -> Logits:
        with torch.inference_mode():
            ids = torch.from_numpy(tokens)
            found: Logits = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.double().numpy()
        return found

    def tokens_of(text: str) -> list[int]:
        return list(tokenizer(text, truncation=True, max_length=LONGEST)["input_ids"])

    return TransformerEngine(name=f"hf-{_version(folder)}", tokens_of=tokens_of, logits_of=logits_of, outputs=outputs)


def outputs_of(folder: Path) -> tuple[int, ...]:
    """Place in `LABELS` of each output of a model, by the names in its config.json; one to five stars are read too.

    Raises:
        SettingsError: there is no config.json, or a name in it tells no label.
    """
    try:
        names = json.loads((folder / "config.json").read_text(encoding="utf-8"))["id2label"]
        ordered = [str(names[place]) for place in sorted(names, key=int)]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise _no_model(folder, "config.json with id2label") from fault
    labels = [_label(name) for name in ordered]
    known = tuple(label for label in labels if label is not None)
    if len(known) < len(labels) or not {0, 2} <= set(known):
        raise SettingsError(
            f"The labels of the model in {folder} are {', '.join(ordered)}.",
            expected="names that begin with negative, neutral and positive, or 1 to 5 stars.",
            todo="Name the outputs so in id2label of config.json.",
        )
    return known


def model_files(folder: Path) -> list[Path]:
    """Every file of the folder: any of them may decide what a model answers (weights beside it, settings, words)."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    """Histories and caches of other tools, which no model reads."""
    return any(part.startswith(".") for part in path.parts)


def _label(name: str) -> int | None:
    plain = name.strip().lower()
    if plain[:1] in _STARS and "star" in plain:
        return _STARS[plain[0]]
    return next((label for label, stems in enumerate(_WORDS) if plain.startswith(stems)), None)


def _equal_lengths(rows: Sequence[int], tokens: Sequence[Sequence[int]]) -> list[list[int]]:
    """Groups of rows with as many tokens, `_AT_ONCE` at most."""
    groups: list[list[int]] = []
    for row in rows:
        if groups and len(groups[-1]) < _AT_ONCE and len(tokens[groups[-1][0]]) == len(tokens[row]):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in model_files(folder):
        with path.open("rb") as content:
            name = path.relative_to(folder).as_posix()
            digest.update(name.encode() + b"\0" + hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:8]


def _package(name: str, extra: str) -> ModuleType | Any:
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise SettingsError(
            f"The engine {extra} needs the package {name}, which is not installed.",
            expected=f"the packages of the extra {extra}.",
            todo=f"pip install 'journey-mining[{extra}]', or name another engine in [voice] of journey.toml.",
        ) from missing


def _no_model(folder: Path, expected: str, fault: Exception | None = None) -> SettingsError:
    why = f" ({type(fault).__name__})" if fault else ""
    return SettingsError(
        f"There is no model that can be read in {folder}{why}.",
        expected=f"a folder with {expected}.",
        todo="Correct the path, or put the files there; nothing is downloaded.",
    )
