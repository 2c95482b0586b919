from __future__ import annotations

from typing import Any

from journey_mining.maps.numbers import Limits
from journey_mining.maps.persona_facts import facts_of, gaps_of

LIMITS = Limits(small=10, thin=30)


def _row(field: str, **other: Any) -> dict[str, Any]:
    known = {"value": "desktop", "number": 0.7, "low": 0.6, "high": 0.8, "known_count": 90, "evidence": "measured"}
    return {"field": field, **known, "flags": "", "other_number": 0.5, "q_value": 0.5} | other


def test_lines_stand_in_the_order_of_the_card() -> None:
    rows = [_row("day_part"), _row("repeat_purchase", value=None), _row("device"), _row("tickets"), _row("region")]
    facts = facts_of(rows, LIMITS)
    assert [(fact.field, fact.word) for fact in facts] == [
        ("device", "desktop"),
        ("region", "desktop"),
        ("day_part", "desktop"),
        ("repeat_purchase", ""),
    ]


def test_a_line_of_few_customers_is_not_told() -> None:
    rows = [_row("device", known_count=29), _row("region", known_count=9), _row("city", flags="thin"), _row("plan")]
    assert [fact.field for fact in facts_of(rows, LIMITS)] == ["plan"]


def test_the_others_are_named_only_where_the_difference_is_more_than_chance() -> None:
    rows = [_row("device", q_value=0.0004), _row("region", q_value=0.02), _row("city", q_value=None)]
    assert [fact.rest for fact in facts_of(rows, LIMITS)] == [0.5, None, None]


def test_n_of_a_line_does_not_tell_a_hidden_size() -> None:
    rows = [_row("device"), _row("repeat_purchase", value=None)]
    for shut in ("device", "repeat_purchase"):
        told = {fact.field: fact.share for fact in facts_of(rows, LIMITS, shut={shut})}
        assert {field: share.customers for field, share in told.items()} == {"device": 90, "repeat_purchase": 90} | {
            shut: None
        }
        assert told[shut].estimate == 0.7


def test_fields_without_a_source_are_gaps_and_never_lines() -> None:
    rows = [_row("region", evidence="no_data"), _row("device"), _row("nps", evidence="no_data")]
    assert gaps_of(rows) == ("region",)
    assert [fact.field for fact in facts_of(rows, LIMITS)] == ["device"]
