"""Contrast of every pair of colours that carries text, in both themes, out of the style sheet itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import journey_mining.dashboards
from journey_mining.dashboards.colours import stage_colours

CSS = (Path(journey_mining.dashboards.__file__).parent / "assets" / "app.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", block)) for block in CSS.split("@media screen", 2)[:2])
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("surface", "surface-2", "bg")),
    *((ink, ground) for ink in ("accent", "pos", "neg", "warn") for ground in ("surface", f"{ink}-bg")),
    ("ink-2", "none-bg"),
    ("h5-ink", "h5"),
    *(("cell-ink", heat) for heat in ("h0", "h1", "h2", "h3", "h4", "en2", "en1", "e0", "ep1", "ep2")),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "tokens"), [("light", LIGHT), ("dark", LIGHT | DARK)])
def test_text_is_readable_on_every_ground(theme: str, tokens: dict[str, str]) -> None:
    pale = [(ink, ground) for ink, ground in PAIRS if contrast(tokens[ink], tokens[ground]) < 4.5]
    assert pale == []


@pytest.mark.parametrize("count", [2, 7, 8, 12])
@pytest.mark.parametrize(("theme", "digit"), [("light", "#FFFFFF"), ("dark", "#10151C")])
def test_digits_are_readable_on_every_stage(theme: str, digit: str, count: int) -> None:
    assert min(contrast(colour, digit) for colour in stage_colours(count, theme)) >= 4.5
