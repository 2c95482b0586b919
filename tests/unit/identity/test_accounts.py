from __future__ import annotations

from collections.abc import Callable

from journey_mining.warehouse import DuckDBWarehouse
from support import rows_of

Persons = Callable[..., list[set[str]]]


def accounts(warehouse: DuckDBWarehouse) -> list[tuple[int, bool, int]]:
    return rows_of(warehouse, "account", "person_count has_record event_count")


def rules(warehouse: DuckDBWarehouse) -> list[str]:
    return [rule for (rule,) in rows_of(warehouse, "account_person", "rule")]


def test_colleagues_are_one_account_and_stay_two_people(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    lines = ("crm b24_contact:1 email:a@firm.example", "crm b24_contact:2 email:b@firm.example")
    assert len(persons(*lines)) == 2
    assert accounts(warehouse) == [(2, False, 2)]


def test_a_record_of_the_company_makes_an_account(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 company=5", "crm b24_contact:2 company=5", "crm b24_contact:3 company=6")
    assert accounts(warehouse) == [(1, True, 1), (2, True, 2)]


def test_the_same_number_in_two_systems_is_two_companies(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 company=5", "desk zendesk_user:1 company=5")
    assert len(accounts(warehouse)) == 2


def test_a_person_of_two_companies_is_where_most_events_are(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 company=5", "crm b24_contact:1 company=6", "crm b24_contact:1 company=6")
    assert rows_of(warehouse, "account_person", "rule event_count") == [("company_record", 2)]


def test_a_domain_goes_to_the_company_of_most_of_its_people(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    known = [f"crm b24_contact:{n} email:{n}@firm.example company=5" for n in (1, 2)]
    persons(*known, "crm b24_contact:3 email:3@firm.example company=6", "web email:4@firm.example")
    assert sorted(rules(warehouse)) == ["company_record"] * 3 + ["domain_of_company"]
    assert accounts(warehouse) == [(1, True, 1), (3, True, 3)]


def test_a_domain_of_two_companies_is_its_own(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    known = [f"crm b24_contact:{n} email:{n}@firm.example company={n}" for n in (1, 2)]
    persons(*known, "web email:4@firm.example")
    assert sorted(rules(warehouse)) == ["company_record", "company_record", "email_domain"]


def test_a_mailbox_of_the_office_says_the_company_only(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    office = "email:info@firm.example!shared_mailbox"
    assert len(persons(f"crm b24_contact:1 {office}", f"crm b24_contact:2 {office}")) == 2
    assert accounts(warehouse) == [(2, False, 2)]


def test_a_domain_of_a_hundred_strangers_is_public(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons(*[f"web email:{n}@post.example" for n in range(101)], "web email:a@firm.example")
    assert accounts(warehouse) == [(1, False, 1)]


def test_what_a_bot_showed_is_of_no_company(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 email:a@firm.example exclude=bot")
    assert accounts(warehouse) == []
