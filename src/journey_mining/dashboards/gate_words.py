"""Quality gates of sources in words: the value, what it rests on, its limits and how it stands to them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.note_pictures import GateNote

_CSS = {"ok": "pos", "warn": "warn", "fail": "neg"}


def gate_rows(scene: Scene, gates: Sequence[GateNote]) -> list[dict[str, Any]]:
    """A row for each gate of each source that has a value or a limit; the first of a source says how many it has."""
    told = [gate for gate in gates if gate.value is not None or gate.standing != "unset"]
    found: list[dict[str, Any]] = []
    for _, own in groupby(told, key=lambda gate: gate.source):
        rows = [_row(scene, gate) for gate in own]
        rows[0]["of_source"] = len(rows)
        found += rows
    return found


def _row(scene: Scene, gate: GateNote) -> dict[str, Any]:
    words = scene.words.plain
    return {
        "source": scene.system(gate.system or gate.source),
        "of_source": 0,
        "name": words(f"data.gate_{gate.gate}"),
        "about": words(f"data.gate_{gate.gate}_about"),
        "value": _value(scene, gate.gate, gate.value) if gate.value is not None else "—",
        "base": _base(scene, gate),
        "limits": _limits(scene, gate),
        "standing": "" if gate.standing == "unset" else words(f"data.standing_{gate.standing}"),
        "css": _CSS.get(gate.standing, ""),
    }


def _value(scene: Scene, gate: str, value: float) -> str:
    if gate == "freshness":
        return scene.formats.plural(round(value), scene.words.forms("hours_forms"))
    # a volume is read as a share of the usual; small shares of rows need their decimals
    return scene.formats.share(value, 0 if gate == "volume" else 1)


def _span(scene: Scene, gate: str, low: float, high: float) -> str:
    digits = 0 if gate == "volume" else 1
    return f"{scene.formats.decimal(100 * low, digits)}–{_value(scene, gate, high)}"


def _base(scene: Scene, gate: GateNote) -> str:
    if gate.value is None or gate.gate == "freshness":
        return ""
    parts = []
    if gate.low is not None and gate.high is not None:
        parts.append(_span(scene, gate.gate, gate.low, gate.high))
    parts.append(scene.words.plain("state.base", n=scene.formats.count(gate.base)))
    return " · ".join(parts)


def _limits(scene: Scene, gate: GateNote) -> str:
    bounds = ((gate.warn_at, "data.warns_at"), (gate.fail_at, "data.fails_at"))
    told = [scene.words.plain(key, limit=_value(scene, gate.gate, at)) for at, key in bounds if at is not None]
    return ", ".join(told) or "—"
