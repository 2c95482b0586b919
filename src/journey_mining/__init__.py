"""Customer journey maps drawn from the events a company already has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.version import __version__

if TYPE_CHECKING:
    from journey_mining.notebook import OpenProject

__all__ = ["__version__", "open"]


def open(folder: str | Path, *, language: str = "en") -> OpenProject:  # noqa: A001 - journey_mining.open("my-project") reads well
    """The published state of a project: tables as frames, pictures as plotly figures. See `OpenProject`."""
    from journey_mining.notebook import OpenProject

    return OpenProject(Path(folder), language=language)
