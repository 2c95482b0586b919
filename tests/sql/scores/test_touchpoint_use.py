from __future__ import annotations

import pyarrow as pa
import pytest

from support import built, given

COLUMNS = "segment stage touchpoint event_count journey_count customer_count voice_count voice_mean"


def _steps(warehouse, *rows: tuple[str, str, str, str, str | None]) -> None:
    given(warehouse, "journey_step", "event_id journey_id person_id stage touchpoint", rows)
    given(warehouse, "segment_member", "journey_id segment", sorted({(row[1], "smb") for row in rows}))


def test_one_customer_has_one_vote(warehouse) -> None:
    rows = [(f"e{n}", "j1", "A", "support", "ticket") for n in range(9)]
    _steps(warehouse, *rows, ("e9", "j2", "B", "support", "ticket"), ("e10", "j3", "C", "support", "ticket"))
    scores = [(f"e{n}", -1.0 if n < 9 else 1.0) for n in range(10)] + [("e10", None)]
    given(warehouse, "sentiment", "event_id score", scores)
    assert built(warehouse, "touchpoint_use", COLUMNS) == [
        ("all", "support", "ticket", 11, 3, 3, 2, pytest.approx(0.0)),
        ("smb", "support", "ticket", 11, 3, 3, 2, pytest.approx(0.0)),
    ]


def test_a_touchpoint_without_texts_has_no_voice(warehouse) -> None:
    _steps(warehouse, ("e1", "j1", "A", "support", None))
    given(warehouse, "sentiment", "event_id score", [("x", 0.5)], score=pa.float64())
    assert built(warehouse, "touchpoint_use", COLUMNS)[0] == ("all", "support", "other", 1, 1, 1, 0, None)
