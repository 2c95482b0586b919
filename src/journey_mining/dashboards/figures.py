"""Plotly figures as plain values: JSON that may stand in a page, and the parts all figures share.

Colours are token names ("@neg/0.3"); the browser resolves them from CSS when it draws, so one figure serves both
themes. Plotly reads a little HTML in texts, so every name goes through `text`.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any

Figure = dict[str, Any]

CLEAR = "rgba(0,0,0,0)"


def figure_json(figure: Figure) -> str:
    r"""JSON that no HTML parser can mistake for markup.

    >>> figure_json({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    raw = json.dumps(figure, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        raw = raw.replace(sign, f"\\u{ord(sign):04x}")
    return raw


def text(value: str) -> str:
    """A name as text for plotly, which would otherwise read tags and entities in it."""
    return html.escape(value, quote=False)


def layout(**parts: Any) -> dict[str, Any]:
    """Layout parts that all figures share."""
    return {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "align": "left",
            "bgcolor": "@surface",
            "bordercolor": "@line-2",
            "font": {"color": "@ink", "size": 12.5},
        },
        **parts,
    }


def band(outline: Sequence[tuple[float, float]], colour: str) -> dict[str, Any]:
    """An area inside an outline (x, y), walked round once, that says nothing under the pointer."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _ in outline],
        "y": [y for _, y in outline],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def label(x: float, y: float, words: str, **parts: Any) -> dict[str, Any]:
    """A text without an arrow."""
    return {"x": x, "y": y, "text": words, "showarrow": False, **parts}


def paper_label(x: float, y: float, words: str, **parts: Any) -> dict[str, Any]:
    """A text placed in fractions of the drawing, left-aligned."""
    return label(
        x,
        y,
        words,
        **({"xref": "paper", "yref": "paper", "xanchor": "left", "align": "left", "yanchor": "middle"} | parts),
    )
