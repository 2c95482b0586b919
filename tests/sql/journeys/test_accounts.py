from __future__ import annotations

import pytest

from journey_mining.errors import JourneyMiningError
from journey_support import build_tiny, walk
from support import given, rows_of

ACCOUNTS = [("acme", "p"), ("acme", "q"), ("other", "r"), ("acme", "r")]


def build(warehouse, rows, **settings):
    given(warehouse, "account_person", "account_id person_id", ACCOUNTS)
    return build_tiny(warehouse, rows, **{"unit": "account", **settings})


def test_a_journey_of_an_account_is_that_of_all_its_people(warehouse) -> None:
    build(warehouse, [*walk("a@0 c@20"), *walk("b@1 won@21", who="q")])
    assert rows_of(warehouse, "journey", "person_id ending event_count") == [("acme", "won", 4)]
    assert rows_of(warehouse, "journey_step", "step_no member_id stage") == [
        (1, "p", "a"),
        (2, "q", "b"),
        (3, "p", "c"),
        (4, "q", "c"),
    ]


def test_whoever_belongs_to_two_accounts_or_none_is_a_customer_alone(warehouse) -> None:
    build(warehouse, [*walk("a@0"), *walk("a@0", who="r"), *walk("a@0", who="s")])
    assert [row[0] for row in rows_of(warehouse, "journey", "person_id")] == ["acme", "r", "s"]


def test_the_pace_of_a_bot_is_that_of_a_person_and_not_of_a_company(warehouse) -> None:
    hits = [{"id": f"{who}{n}", "who": who, "act": "a", "day": n / 86400} for who in "pq" for n in range(40)]
    build(warehouse, hits)
    assert warehouse.count("crowded_person") == 0
    assert rows_of(warehouse, "journey", "person_id event_count") == [("acme", 80)]


def test_one_contact_told_twice_is_folded_within_a_person_only(warehouse) -> None:
    ask = {"id": "ask", "priority": 1, "stage": "b", "touchpoint": "page_b", "when": {"activity_re": "^ask$"}}
    rows = [{"id": who, "who": who, "act": "ask", "day": 0, "source": who} for who in "pq"]
    build(warehouse, rows, rules=[ask])
    assert warehouse.count("duplicate_event") == 0


def test_by_person_accounts_make_no_difference(warehouse) -> None:
    build(warehouse, [*walk("a@0"), *walk("a@0", who="q")], unit="person")
    assert [row[0] for row in rows_of(warehouse, "journey", "person_id")] == ["p", "q"]


def test_following_accounts_that_nobody_knows_is_refused(warehouse) -> None:
    with pytest.raises(JourneyMiningError, match="no account is known") as caught:
        build_tiny(warehouse, walk("a@0"), unit="account")
    assert caught.value.code == "NO_ACCOUNTS"
