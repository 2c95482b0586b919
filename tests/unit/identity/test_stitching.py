from __future__ import annotations

from collections.abc import Callable

from journey_mining.warehouse import DuckDBWarehouse
from support import rows_of

Persons = Callable[..., list[set[str]]]


def edges(warehouse: DuckDBWarehouse) -> list[tuple[str, ...]]:
    return rows_of(warehouse, "identifier_edge", "value_a value_b rule strength event_count blocked_reason")


def test_identifiers_of_one_event_are_one_person(persons: Persons) -> None:
    assert persons("crm b24_contact:1 email:a phone:7") == [{"b24_contact:1", "email:a", "phone:7"}]


def test_contacts_with_the_same_email_are_one_person(persons: Persons) -> None:
    assert persons("crm b24_contact:1 email:a", "crm b24_contact:2 email:a") == [
        {"b24_contact:1", "b24_contact:2", "email:a"}
    ]


def test_an_office_phone_joins_nobody(persons: Persons) -> None:
    assert persons("crm b24_contact:1 phone:7", "crm b24_contact:2 phone:7") == [
        {"b24_contact:1"},
        {"b24_contact:2"},
        {"phone:7"},
    ]


def test_a_blocked_phone_says_why(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 phone:7", "crm b24_contact:2 phone:7")
    assert [edge[-1] for edge in edges(warehouse)] == ["shared_phone", "shared_phone"]


def test_a_desk_user_known_by_phone_only_joins_the_contact(persons: Persons) -> None:
    assert persons("crm b24_contact:1 phone:7", "desk zendesk_user:9 phone:7") == [
        {"b24_contact:1", "phone:7", "zendesk_user:9"}
    ]


def test_a_desk_user_between_two_contacts_joins_neither(persons: Persons) -> None:
    lines = (
        "crm b24_contact:1 phone:7",
        "crm b24_contact:2 phone:8",
        "d zendesk_user:9 phone:7",
        "d zendesk_user:9 phone:8",
    )
    assert persons(*lines) == [{"b24_contact:1", "phone:7"}, {"b24_contact:2", "phone:8"}, {"zendesk_user:9"}]


def test_a_cookie_of_one_person_joins(persons: Persons) -> None:
    assert persons("web ym_client:c", "web ym_client:c b24_contact:1") == [{"b24_contact:1", "ym_client:c"}]


def test_a_cookie_of_two_people_joins_neither(persons: Persons) -> None:
    assert persons("web ym_client:c b24_contact:1", "web ym_client:c b24_contact:2") == [
        {"b24_contact:1"},
        {"b24_contact:2"},
        {"ym_client:c"},
    ]


def test_a_blocked_value_joins_nobody_and_is_nobody(persons: Persons) -> None:
    assert persons("crm b24_contact:1 email:i!shared_mailbox", "crm b24_contact:2 email:i!shared_mailbox") == [
        {"b24_contact:1"},
        {"b24_contact:2"},
    ]


def test_a_blocked_value_keeps_its_edge(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 email:i!shared_mailbox")
    assert edges(warehouse) == [("1", "i", "same_event:crm", "medium", 1, "shared_mailbox")]


def test_an_email_of_six_contacts_joins_none_of_them(persons: Persons) -> None:
    assert len(persons(*[f"crm b24_contact:{n} email:a" for n in range(6)])) == 7


def test_an_email_of_five_contacts_joins_them(persons: Persons) -> None:
    assert len(persons(*[f"crm b24_contact:{n} email:a" for n in range(5)])) == 1


def test_two_contacts_on_one_event_stay_two_people(persons: Persons) -> None:
    assert persons("crm b24_contact:1 b24_contact:2 email:a") == [{"b24_contact:1"}, {"b24_contact:2"}, {"email:a"}]


def test_a_bot_is_no_evidence(persons: Persons) -> None:
    assert persons("web b24_contact:1 email:a exclude=bot") == [{"b24_contact:1"}, {"email:a"}]


def test_an_address_of_the_company_ties_nobody(persons: Persons) -> None:
    lines = ("desk zendesk_user:5 email:customer", "desk zendesk_user:5 email:agent exclude=internal")
    assert persons(*lines) == [{"email:agent"}, {"email:customer", "zendesk_user:5"}]


def test_cookies_of_one_hit_do_not_join_two_people(persons: Persons) -> None:
    lines = ("web b24_contact:1 ym_client:c", "web b24_contact:2 ga_client:d", "web ym_client:c ga_client:d")
    assert persons(*lines) == [{"b24_contact:1", "ym_client:c"}, {"b24_contact:2", "ga_client:d"}]


def test_a_conflict_is_stored(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("web b24_contact:1 ym_client:c", "web b24_contact:2 ga_client:d", "web ym_client:c ga_client:d")
    assert [edge[-1] for edge in edges(warehouse)] == [None, None, "conflict"]


def test_an_event_goes_to_its_most_trusted_identifier(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("web ym_client:c b24_contact:1", "web ym_client:c b24_contact:2", "web ym_client:c")
    assert len({row[1] for row in rows_of(warehouse, "event_person", "event_id person_id")}) == 3


def test_an_event_of_a_placeholder_belongs_to_nobody(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("web ym_client:0!zero", "web ym_client:c")
    assert rows_of(warehouse, "event_person", "event_id") == [("e000001",)]


def test_undoing_a_merge_is_running_again_without_its_evidence(persons: Persons) -> None:
    evidence = ("crm b24_contact:1 email:a", "crm b24_contact:2 email:b")
    merged = persons(*evidence, "crm email:a email:b")
    assert (len(merged), len(persons(*evidence))) == (1, 2)


def test_a_crowd_is_put_up_for_review(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons(*[f"crm b24_contact:1 email:a{n}" for n in range(26)])
    assert rows_of(warehouse, "identity_review", "reason identifier_count") == [("many_identifiers", 27)]


def test_working_tables_are_gone(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 email:a phone:7 ym_client:c")
    written = {"event_person", "identifier_edge", "identity_review", "person", "person_identifier"}
    assert set(warehouse.tables()) == written | {"event", "event_identifier"}


def test_no_events_give_empty_tables(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    assert (persons(), warehouse.count("person")) == ([], 0)
