"""Purchases, what follows them, and what follows progress."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from support import NOON, built, given


def _at(days: float):
    return NOON + timedelta(days=days)


@pytest.fixture
def bought(warehouse):
    """Purchases from events (day, kind, order) of one customer; views are mere signs of life."""

    def find(*events: tuple) -> list[tuple]:
        given(warehouse, "run_setting", "as_of observed_from silence_days", [(_at(100), NOON, 30.0)])
        given(warehouse, "segment_member", "journey_id segment", [("j1", "smb")])
        full = [(f"e{n}", *event) for n, event in enumerate(events, 1)]
        rows = [(e[0], "shop", e[2], _at(e[1]), 50.0, "RUB") for e in full]
        given(warehouse, "event", "event_id source event_kind occurred_at amount currency", rows)
        given(warehouse, "event_object", "event_id object_type object_id", [(e[0], "order", e[3]) for e in full])
        steps = [("j1", "p1", e[0], _at(e[1]), "", e[2]) for e in full]
        given(warehouse, "journey_step", "journey_id person_id event_id occurred_at order_key event_kind", steps)
        told = [("p1", e[0], n, _at(e[1]), True) for n, e in enumerate(full, 1)]
        given(warehouse, "person_event", "person_id event_id event_no occurred_at is_life_sign", told)
        return built(warehouse, "purchase", "event_id purchase_no amount currency")

    return find


def test_won_deals_and_orders_are_numbered(bought) -> None:
    found = bought((1, "order_created", "o1"), (2, "view", ""), (3, "deal_won", ""))
    assert found == [("e1", 1, 50.0, "RUB"), ("e3", 2, 50.0, "RUB")]


def test_a_cancelled_order_is_no_purchase(bought) -> None:
    assert bought((1, "order_created", "o1"), (2, "order_cancelled", "o1")) == []


LOYALTY = "followed_days next_purchase_days active_days is_silent"


def test_silence_after_buying_is_dated_when_it_became_known(warehouse, bought) -> None:
    bought((10, "order_created", "o1"), (20, "view", ""), (90, "order_created", "o2"))
    assert built(warehouse, "customer_loyalty", LOYALTY) == [(90.0, 80.0, 40.0, True)]


def test_who_was_seen_lately_is_still_there(warehouse, bought) -> None:
    bought((75, "order_created", "o1"), (80, "view", ""))
    assert built(warehouse, "customer_loyalty", LOYALTY) == [(25.0, None, 25.0, False)]


@pytest.mark.parametrize(
    ("events", "ended", "expected"),
    [
        (((1, "view", ""), (12, "order_created", "o1")), 50, (7.0, "bought")),
        (((1, "order_created", "o1"),), 50, (45.0, "ended")),
        (((1, "view", ""),), None, (95.0, "open")),
    ],
)
def test_progress_is_worth_the_purchase_that_follows_it(warehouse, bought, events, ended, expected) -> None:
    bought(*events)
    stay = [("j1", 1, "p1", "support", _at(5), "progress")]
    given(warehouse, "stage_episode", "journey_id episode_no person_id stage exited_at cause", stay)
    ends = [("j1", None if ended is None else _at(ended))]
    given(warehouse, "journey", "journey_id ended_at", ends, ended_at=pa.timestamp("us"))
    assert built(warehouse, "progress_value", "time_days outcome") == [expected]
