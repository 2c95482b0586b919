"""Choosing texts that people should label: few, and of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from journey_mining.errors import NotFoundError
from journey_mining.project import Project
from journey_mining.voice.customer_texts import published_texts, stable_order, text_id
from journey_mining.voice.label_file import LabelledText, write_csv, write_workbook

_UNSURE = 0.6
_STRATUM = ["stage", "language", "label", "is_sure"]


def write_label_files(project: Project, *, count: int, out: Path) -> list[Path]:
    """Write a sample of customers' redacted texts to `out` (.xlsx) and beside it as CSV; the files.

    Raises:
        NotFoundError: the project has not been run, or holds no scored text.
        FileExistsError: one of the files is there already; labels in it must not be lost.
    """
    texts, _ = published_texts(project)
    chosen = label_sample(texts, count)
    if chosen.empty:
        raise NotFoundError(
            f"The project {project.root} holds no text of a customer that could be labelled.",
            expected="texts in Russian or English with a score in the table sentiment.",
            todo="Load a source with texts (tickets, reviews, survey comments) and run the project.",
        )
    files = [out.with_suffix(".xlsx"), out.with_suffix(".csv")]
    for path in files:
        if path.exists():
            raise FileExistsError(path)
    rows = [
        LabelledText(text_id=text_id(event_id), text=text, language=language, stage=stage)
        for event_id, text, language, stage in chosen[["event_id", "text", "language", "stage"]].to_numpy().tolist()
    ]
    spoken = project.settings.project.languages[0]
    write_workbook(rows, files[0], language=spoken)
    write_csv(rows, files[1], language=spoken)
    return files


def label_sample(texts: pd.DataFrame, count: int) -> pd.DataFrame:
    """At most `count` rows of `customer_texts`, spread over stage, language, told label and confidence.

    Every stratum gets a share by the square root of its size, so that rare kinds of texts are met without swamping
    the rest. One text per customer comes first; second ones are taken only where customers do not suffice. Equal
    texts are taken once. The same texts give the same sample; rows come in an order that tells nothing.
    """
    scored = texts[texts["score"].notna()].copy()
    scored["is_sure"] = scored["confidence"] >= _UNSURE
    scored["order"] = [stable_order(event_id) for event_id in scored["event_id"]]
    scored = scored.sort_values("order").drop_duplicates("text")
    scored["turn"] = scored.groupby("person_id").cumcount()
    first = _spread(scored[scored["turn"] == 0], count)
    rest = scored[~scored["event_id"].isin(first["event_id"])].sort_values(["turn", "order"])
    chosen = pd.concat([first, rest.head(max(count - len(first), 0))])
    return chosen.sort_values("order", ignore_index=True).drop(columns=["is_sure", "order", "turn"])


def _spread(texts: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rows of every stratum, in proportion to the square root of its size; at most `count` in all."""
    if len(texts) <= count:
        return texts
    stratum = texts.groupby(_STRATUM, sort=True).ngroup()
    sizes = np.bincount(stratum).astype(np.int64)
    quota = _quotas(sizes, count)
    place = texts.groupby(stratum).cumcount().to_numpy()
    return texts[place < quota[stratum.to_numpy()]]


def _quotas(sizes: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Rows to take of each stratum, by highest averages of the square roots; never more than there are."""
    quota = np.zeros(len(sizes), np.int64)
    roots = np.sqrt(sizes)
    for _ in range(min(count, int(sizes.sum()))):
        quota[int(np.argmax(np.where(quota < sizes, roots / (quota + 1), -1.0)))] += 1
    return quota
