"""Customer journey maps drawn from the events a company already has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.version import __version__

if TYPE_CHECKING:
    from journey_mining.notebook import OpenProject
    from journey_mining.packed.log_graph import LogGraph

__all__ = ["__version__", "log_graph", "open"]


def open(folder: str | Path, *, language: str = "en") -> OpenProject:  # noqa: A001 - journey_mining.open("my-project") reads well
    """The published state of a project: tables as frames, pictures as plotly figures. See `OpenProject`."""
    from journey_mining.notebook import OpenProject

    return OpenProject(Path(folder), language=language)


def log_graph(
    file: str | Path, *, journey: str, activity: str, occurred_at: str, segment: str = "", order: str = ""
) -> LogGraph:
    """The directly-follows graph of a Parquet file of events, without a project; names are those of its columns."""
    from journey_mining.packed.log_graph import LogColumns, read_graph

    columns = LogColumns(journey=journey, activity=activity, occurred_at=occurred_at, segment=segment, order=order)
    return read_graph(Path(file), columns)
