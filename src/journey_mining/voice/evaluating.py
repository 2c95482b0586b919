"""How well an engine does on labelled texts: the same measures for every engine.

In: a label file, an engine. Out: macro-F1 with intervals as a whole, by language and by what the labels say of a text,
confusion, calibration, area under the curve of negative texts, speed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey_mining.errors import NotFoundError
from journey_mining.languages import language_of
from journey_mining.privacy import redact
from journey_mining.project import Project
from journey_mining.voice.batch import LABELS, SentimentEngine
from journey_mining.voice.customer_texts import published_texts, text_id
from journey_mining.voice.label_file import LabelledText, read_labels
from journey_mining.voice.quality import (
    Confusion,
    Measured,
    area_under_curve,
    calibration_error,
    confusion,
    macro_f1_interval,
    told_labels,
)

FEWEST_TEXTS = 10
"""a group with fewer texts tells nothing and is not listed"""
_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuality:
    """Macro-F1 of some of the texts."""

    group: str
    """all, a language, a feeling or a phenomenon"""
    text_count: int
    customer_count: int
    macro_f1: Measured
    """over the labels that the group has"""
    label_counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What an engine does on labelled texts."""

    engine: str
    text_count: int
    scored_share: float
    groups: tuple[GroupQuality, ...]
    """all first"""
    confusion: Confusion
    calibration_error: float
    auc_negative: float
    texts_per_second: float
    """wall time of scoring, loading left out"""
    is_corrected: bool
    """the engine holds a correction; where it was fitted to these labels, the numbers are too good"""

    def as_json(self) -> dict[str, Any]:
        """Plain values; numbers that cannot be told are null."""
        whole: dict[str, Any] = _plain(asdict(self))
        return whole


def evaluate(engine: SentimentEngine, labels: Path, project: Project | None = None) -> Evaluation:
    """Score the labelled texts with `engine` and compare.

    Texts with an id of the project are read from its warehouse; others as they stand in the file, redacted.

    Raises:
        SettingsError: the label file cannot be read.
        NotFoundError: it holds no label.
    """
    texts, customers, rows = _labelled(labels, project)
    known = np.array([row.label for row in rows], np.int64)
    started = time.perf_counter()
    batch = engine.score(texts)
    seconds = time.perf_counter() - started
    told = told_labels(batch.probabilities, known)
    kinds = _kinds(texts, rows)
    groups = [_quality(kind, places, known, told, customers) for kind, places in kinds.items()]
    score = np.nan_to_num(batch.probabilities[:, 2] - batch.probabilities[:, 0])
    return Evaluation(
        engine=engine.name,
        text_count=len(rows),
        scored_share=float(1 - np.isnan(batch.probabilities[:, 0]).mean()),
        groups=tuple(group for group in groups if group.group == "all" or group.text_count >= FEWEST_TEXTS),
        confusion=confusion(known, told),
        calibration_error=calibration_error(known, batch.probabilities),
        auc_negative=area_under_curve(known == 0, score),
        texts_per_second=len(rows) / max(seconds, 1e-9),
        is_corrected="+" in engine.name,
    )


def _labelled(labels: Path, project: Project | None) -> tuple[list[str], NDArray[np.int64], list[LabelledText]]:
    """Texts, numbers of their customers and rows of the label file."""
    stored = {}
    if project is not None and project.warehouse_file.is_file():
        found, _ = published_texts(project)
        stored = {
            text_id(event_id): (text, person)
            for event_id, text, person in found[["event_id", "text", "person_id"]].to_numpy().tolist()
        }
    rows = [row for row in read_labels(labels).rows if row.text or row.text_id in stored]
    if not rows:
        raise NotFoundError(
            f"{labels} holds no labelled text.",
            expected="rows with a text and negative, neutral or positive in the column label.",
            todo="Label some texts, or name another file with --labels.",
        )
    said = [stored.get(row.text_id, (redact(row.text).text, f"row {number}")) for number, row in enumerate(rows)]
    customers = np.unique([customer for _, customer in said], return_inverse=True)[1]
    return [text for text, _ in said], customers.astype(np.int64), rows


def _kinds(texts: Sequence[str], rows: Sequence[LabelledText]) -> dict[str, NDArray[np.int64]]:
    """Places of the texts of each group: all, languages, then marks by name."""
    languages = [row.language or language_of(text) for row, text in zip(rows, texts, strict=True)]
    groups = {"all": np.arange(len(rows))}
    for language in sorted(set(languages)):
        groups[language] = np.flatnonzero([language == one for one in languages])
    for mark in sorted({mark for row in rows for mark in row.marks}):
        groups[mark] = np.flatnonzero([mark in row.marks for row in rows])
    return groups


def _quality(
    group: str,
    places: NDArray[np.int64],
    known: NDArray[np.int64],
    told: NDArray[np.int64],
    customers: NDArray[np.int64],
) -> GroupQuality:
    counts = np.bincount(known[places], minlength=len(LABELS))
    return GroupQuality(
        group=group,
        text_count=len(places),
        customer_count=len(np.unique(customers[places])),
        macro_f1=macro_f1_interval(known[places], told[places], customers[places]),
        label_counts=(int(counts[0]), int(counts[1]), int(counts[2])),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, _DECIMALS)
    return value
