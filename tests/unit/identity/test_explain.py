from __future__ import annotations

from collections.abc import Callable

import pytest

from journey_mining.errors import NotFoundError
from journey_mining.identity import Verdict, explain, explain_person, explanation_text, person_text
from journey_mining.privacy import DEMO_KEY, pseudonym
from journey_mining.warehouse import DuckDBWarehouse

Persons = Callable[..., list[set[str]]]
ANN, BOB, CAT = "ann@firm.example", "bob@firm.example", "cat@firm.example"


def email(address: str) -> str:
    return f"email:{pseudonym('email', address, DEMO_KEY)}"


def phone(number: str) -> str:
    return f"phone:{pseudonym('phone', number, DEMO_KEY)}"


@pytest.fixture
def world(persons: Persons, warehouse: DuckDBWarehouse) -> DuckDBWarehouse:
    office = phone("+74951234567")
    persons(
        f"crm b24_contact:1 {email(ANN)} {office}",
        f"crm b24_contact:1 {email(ANN)}",
        f"crm b24_contact:2 {email(BOB)} {office}",
        f"desk zendesk_user:9 {email(ANN)}",
        f"survey {email(CAT)}",
    )
    return warehouse


def test_one_person_is_explained_by_the_shortest_chain(world: DuckDBWarehouse) -> None:
    answer = explain(world, ("b24_contact", "1"), ("zendesk_user", "9"), DEMO_KEY)
    assert (answer.verdict, [link.end[0] for link in answer.chain]) == (Verdict.SAME, ["email", "zendesk_user"])


def test_the_text_of_a_chain_names_rule_source_count_and_dates(world: DuckDBWarehouse) -> None:
    text = explanation_text(explain(world, ("email", " Ann@Firm.Example"), ("b24_contact", "1"), DEMO_KEY))
    assert "same_event:crm, medium, 2 events, 2026-05-04" in text


def test_two_people_are_explained_by_what_may_not_join_them(world: DuckDBWarehouse) -> None:
    answer = explain(world, ("email", ANN), ("email", BOB), DEMO_KEY)
    assert answer.verdict is Verdict.BLOCKED
    assert "blocked (shared_phone): the phone is used by several people" in explanation_text(answer)


def test_strangers_have_no_chain(world: DuckDBWarehouse) -> None:
    answer = explain(world, ("email", ANN), ("email", CAT), DEMO_KEY)
    assert (answer.verdict, answer.chain) == (Verdict.APART, ())


def test_an_identifier_is_itself(world: DuckDBWarehouse) -> None:
    answer = explain(world, ("email", ANN), ("email", ANN), DEMO_KEY)
    assert (answer.verdict, answer.chain) == (Verdict.SAME, ())


def test_an_identifier_never_seen_is_named(world: DuckDBWarehouse) -> None:
    answer = explain(world, ("email", ANN), ("b24_contact", "77"), DEMO_KEY)
    assert (answer.verdict, answer.unknown) == (Verdict.UNKNOWN, (("b24_contact", "77"),))


def test_another_key_finds_nobody(world: DuckDBWarehouse) -> None:
    with pytest.raises(NotFoundError, match="Nobody is known"):
        explain_person(world, ("email", ANN), b"x" * 32)


def test_a_value_of_the_wrong_shape_is_refused(world: DuckDBWarehouse) -> None:
    with pytest.raises(NotFoundError, match="cannot be one"):
        explain(world, ("email", "ann"), ("email", ANN), DEMO_KEY)


def test_a_person_is_listed_with_what_was_refused(world: DuckDBWarehouse) -> None:
    text = person_text(explain_person(world, ("email", ANN), DEMO_KEY))
    assert [word in text for word in ("identifiers: 3", "Tied by:", "Refused:", "zendesk_user …9")] == [True] * 4


def test_no_plain_value_is_printed(world: DuckDBWarehouse) -> None:
    text = person_text(explain_person(world, ("email", ANN), DEMO_KEY))
    text += explanation_text(explain(world, ("email", ANN), ("email", BOB), DEMO_KEY))
    assert [part in text for part in ("ann@", "bob@", "4951234567")] == [False] * 3
