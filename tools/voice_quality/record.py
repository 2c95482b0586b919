"""What was measured, as JSON that is kept: docs/voice-quality/results.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from voice_quality.sets import OWN

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "voice-quality" / "results.json"
OWN_OF = {split: [name for name, _, file, _, _ in OWN if file == split] for split in ("test", "test_english")}
"""names of the sets of our own by file"""
STAGE_SETS = (
    "own_test_ru",
    "own_test_en",
    "own_test_english",
    "airline",
    "oob_social",
    "sre2016_banks",
    "sre2016_telecom",
)


def read() -> dict[str, Any]:
    """Everything recorded so far."""
    if not RESULTS.is_file():
        return {}
    recorded: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return recorded


def write(results: dict[str, Any]) -> None:
    """Replace the file; one row a line, so that versions compare."""
    parts = [f"{json.dumps(key)}: {_lines(value)}" for key, value in sorted(results.items())]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)
