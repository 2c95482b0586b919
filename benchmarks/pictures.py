"""A picture of each group, drawn from its committed results: median CPU seconds of every contender, as bars."""

from __future__ import annotations

from html import escape
from typing import Any

_WIDTH, _BAR, _LABEL, _FIGURE = 720, 18, 150, 90
_OURS, _OTHERS, _INK, _MUTED = "#2563eb", "#94a3b8", "#0f172a", "#475569"


def picture(results: dict[str, Any]) -> str:
    """An SVG with one block of bars a measure; bars of a block share a scale, the whisker goes from least to most."""
    parts: list[str] = []
    top = 8
    for measure in results["measures"]:
        parts.append(_text(8, top + 13, measure["title"].replace("`", ""), weight="600"))
        top += 24
        most = max(costs["cpu_seconds"]["most"] for costs in measure["contenders"].values())
        first = next(iter(measure["contenders"]))
        for name, costs in measure["contenders"].items():
            parts.append(_bar(top, name, costs["cpu_seconds"], most, is_first=name == first))
            top += _BAR + 6
        top += 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}" '
        f'font-family="sans-serif" font-size="12" role="img"><title>CPU seconds, medians</title>'
        f'<rect width="{_WIDTH}" height="{top}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _bar(top: int, name: str, cost: dict[str, float], most: float, *, is_first: bool) -> str:
    room = _WIDTH - _LABEL - _FIGURE
    length, low, high = (round(room * cost[key] / (most or 1), 1) for key in ("median", "least", "most"))
    middle = top + _BAR / 2
    whisker = (
        f'<path d="M{_LABEL + low} {middle}H{_LABEL + high}" stroke="{_INK}" stroke-width="1.5"/>' if high > low else ""
    )
    return (
        _text(_LABEL - 8, top + 13, name, anchor="end")
        + f'<rect x="{_LABEL}" y="{top}" width="{max(length, 1)}" height="{_BAR}" '
        f'fill="{_OURS if is_first else _OTHERS}"/>{whisker}'
        + _text(_LABEL + max(length, high) + 6, top + 13, f"{cost['median']:.2f} s", fill=_MUTED)
    )


def _text(x: float, y: float, text: str, *, fill: str = _INK, anchor: str = "start", weight: str = "400") -> str:
    place = f'x="{x}" y="{y}" fill="{fill}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {place}>{escape(text)}</text>"
