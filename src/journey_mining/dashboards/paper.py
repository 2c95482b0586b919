"""Figures of the pages as plotly objects with plain light colours, for notebooks and paper.

In: a figure whose colours are token names ("@neg/0.30"). Out: `plotly.graph_objects.Figure`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from journey_mining.dashboards.colours import stage_colours
from journey_mining.dashboards.figures import Figure

_STYLES = Path(__file__).resolve().parent / "assets" / "app.css"
_TOKEN = re.compile(r"^@([\w-]+)(?:/([\d.]+))?$")


def on_paper(figure: Figure, *, stages: int, height: int) -> Any:
    """The figure as plotly draws it outside of our pages; `stages` is the number of stages of the project."""
    from plotly.graph_objects import Figure as PlotlyFigure

    resolved = _resolved(figure, _colours(stages))
    drawn = PlotlyFigure(data=resolved["data"], layout=resolved["layout"])
    drawn.update_layout(height=height, font={"family": "Inter, DejaVu Sans, sans-serif", "size": 12.5})
    return drawn


@cache
def _tokens() -> dict[str, str]:
    """Light colours of the style sheet by token name."""
    light = _STYLES.read_text(encoding="utf-8").partition("@media")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", light))


def _colours(stages: int) -> dict[str, str]:
    own = {f"s{number}": colour for number, colour in enumerate(stage_colours(stages, "light"), start=1)}
    return {**_tokens(), **own}


def _resolved(part: Any, colours: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _resolved(value, colours) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_resolved(value, colours) for value in part]
    match = _TOKEN.match(part) if isinstance(part, str) else None
    if match is None:
        return part
    colour = colours[match[1]]
    if match[2] is None:
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{match[2]})"
