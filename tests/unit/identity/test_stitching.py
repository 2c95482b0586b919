from __future__ import annotations

from collections.abc import Callable

from journey_mining.warehouse import DuckDBWarehouse
from support import rows_of

Persons = Callable[..., list[set[str]]]


def edges(warehouse: DuckDBWarehouse) -> list[tuple[str, ...]]:
    return rows_of(warehouse, "identifier_edge", "value_a value_b rule strength event_count blocked_reason")


def test_identifiers_of_one_event_are_one_person(persons: Persons) -> None:
    assert persons("crm b24_contact:1 email:a phone:7") == [{"b24_contact:1", "email:a", "phone:7"}]


def test_an_email_of_two_contacts_joins_neither(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    assert len(persons("crm b24_contact:1 email:a", "crm b24_contact:2 email:a")) == 3
    assert [edge[-1] for edge in edges(warehouse)] == ["shared_email", "shared_email"]


def test_contacts_with_the_same_email_and_phone_are_one_person(persons: Persons) -> None:
    lines = ("crm b24_contact:1 email:a phone:7", "crm b24_contact:2 email:a", "crm b24_contact:2 phone:7")
    assert persons(*lines) == [{"b24_contact:1", "b24_contact:2", "email:a", "phone:7"}]


def test_an_office_phone_confirms_no_double(persons: Persons) -> None:
    lines = [f"crm b24_contact:{n} email:a phone:7" for n in (1, 2)]
    assert len(persons(*lines, "crm b24_contact:3 email:c phone:7")) == 5


def test_records_of_two_systems_with_the_same_email_are_one_person(persons: Persons) -> None:
    assert len(persons("crm b24_contact:1 email:a", "shop user_id:9 email:a")) == 1


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


def test_five_doubles_are_one_person(persons: Persons) -> None:
    assert len(persons(*[f"crm b24_contact:{n} email:a phone:7" for n in range(5)])) == 1


def test_a_chain_between_two_contacts_holds_with_the_better_known(persons: Persons) -> None:
    chain = ("crm b24_contact:1 email:a", "shop user_id:9 email:a", "shop user_id:9 email:b")
    assert persons(*chain, "crm b24_contact:2 email:b", "crm b24_contact:1 email:a") == [
        {"b24_contact:1", "email:a", "email:b", "user_id:9"},
        {"b24_contact:2"},
    ]


def test_a_desk_user_of_two_contacts_joins_neither(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    assert len(persons("desk zendesk_user:9 b24_contact:1", "desk zendesk_user:9 b24_contact:2")) == 3
    assert [edge[-1] for edge in edges(warehouse)] == ["shared_record", "shared_record"]


def test_a_merge_told_by_the_source_joins(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    lines = ("crm b24_contact:1 email:a", "crm b24_contact:2 email:b", "crm b24_contact:1 b24_contact:2")
    assert len(persons(*lines)) == 2
    assert len(persons(*lines[:2], f"{lines[2]} is=contact_merged")) == 1
    assert ("1", "2", "merge:crm", "strong", 1, None) in edges(warehouse)


def test_a_phone_of_merged_contacts_is_theirs(persons: Persons) -> None:
    lines = ("crm b24_contact:1 phone:7", "crm b24_contact:2 phone:7")
    assert len(persons(*lines, "crm b24_contact:1 b24_contact:2 is=contact_merged")) == 1


def test_a_merge_that_a_test_told_of_is_none(persons: Persons) -> None:
    assert len(persons("crm b24_contact:1 b24_contact:2 is=contact_merged exclude=test")) == 2


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


def owners(warehouse: DuckDBWarehouse) -> str:
    """One letter for the person of each event: the same person, the same letter."""
    found = [person for _, person in rows_of(warehouse, "event_person", "event_id person_id")]
    names = list(dict.fromkeys(found))
    return "".join("abcdef"[names.index(person)] for person in found)


def test_a_device_handed_over_is_split_at_the_login_of_the_next(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    anonymous, ann, bob = "web ym_client:c", "web ym_client:c b24_contact:1", "web ym_client:c b24_contact:2"
    persons(anonymous, ann, anonymous, ann, anonymous, bob, anonymous)
    assert owners(warehouse) == "aaaaabb"
    assert {edge[-1] for edge in edges(warehouse)} == {"handed_over"}


def test_a_device_used_in_turns_stays_shared(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    anonymous, ann, bob = "web ym_client:c", "web ym_client:c b24_contact:1", "web ym_client:c b24_contact:2"
    persons(ann, bob, anonymous, ann, anonymous)
    assert owners(warehouse) == "abcac"
    assert {edge[-1] for edge in edges(warehouse)} == {"shared_device"}


def test_an_event_of_a_placeholder_belongs_to_nobody(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("web ym_client:0!zero", "web ym_client:c")
    assert rows_of(warehouse, "event_person", "event_id") == [("e000001",)]


def test_undoing_a_merge_is_running_again_without_its_evidence(persons: Persons) -> None:
    evidence = ("crm b24_contact:1 email:a", "shop user_id:2 email:b")
    merged = persons(*evidence, "crm email:a email:b")
    assert (len(merged), len(persons(*evidence))) == (1, 2)


def test_a_crowd_is_put_up_for_review(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons(*[f"crm b24_contact:1 email:a{n}" for n in range(26)])
    assert rows_of(warehouse, "identity_review", "reason email_count") == [
        ("many_addresses", 26),
        ("many_identifiers", 26),
    ]


def test_working_tables_are_gone(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 email:a phone:7 ym_client:c")
    written = {"event_person", "identifier_edge", "identity_review", "person", "person_identifier"}
    accounts = {"account", "account_choice", "account_domain", "account_evidence", "account_person"}
    given_tables = {"event", "event_identifier", "event_object", "email_domain"}
    assert set(warehouse.tables()) == written | accounts | given_tables | {"identity_quality"}


def test_no_events_give_empty_tables(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    assert (persons(), warehouse.count("person")) == ([], 0)
