from __future__ import annotations

import pytest

from journey_support import walk
from support import rows_of

GROUPS = [
    {"id": "first", "ru": "Первые", "en": "First", "any": [{"activity_re": "b"}]},
    {"id": "second", "ru": "Вторые", "en": "Second", "any": [{"activity_re": "c"}, {"activity_re": "b|d"}]},
]


def members(warehouse) -> list[tuple]:
    return rows_of(warehouse, "journey_segment", "segment")


@pytest.mark.parametrize(("facts", "segment"), [("first_event", "unknown"), ("first_match", "second")])
def test_the_deciding_event_is_the_first_or_the_first_recognised(warehouse, build, facts, segment) -> None:
    build(walk("a@0 d@1 b@2"), segments={"facts": facts, "segment": GROUPS})
    assert members(warehouse) == [(segment,)]


def test_the_first_segment_in_the_file_wins(warehouse, build) -> None:
    build(walk("b@0"), segments={"segment": GROUPS})
    assert members(warehouse) == [("first",)]


def test_any_condition_of_a_segment_is_enough(warehouse, build) -> None:
    build(walk("d@0"), segments={"segment": GROUPS})
    assert members(warehouse) == [("second",)]


def test_each_journey_has_its_own_segment(warehouse, build) -> None:
    build(walk("b@0 won@1 c@2"), segments={"segment": GROUPS})
    assert members(warehouse) == [("first",), ("second",)]


def test_segments_are_numbered_from_everybody_to_unknown(warehouse, build) -> None:
    build(walk("b@0"), segments={"segment": GROUPS})
    listed = rows_of(warehouse, "segment", "segment_no segment")
    assert listed == [(0, "all"), (1, "first"), (2, "second"), (3, "unknown")]


def test_someone_who_comes_back_unrecognised_keeps_the_segment(warehouse, build) -> None:
    build(walk("b@0 won@1 a@2"), segments={"segment": GROUPS})
    assert members(warehouse) == [("first",), ("first",)]
