from __future__ import annotations

import tomllib
from collections.abc import Callable

from identity_support import a_project, people
from journey_mining.identity import review, review_text, stitch
from journey_mining.warehouse import DuckDBWarehouse
from support import rows_of

Persons = Callable[..., list[set[str]]]
ANN = [f"crm b24_contact:1 email:a{n}" for n in range(3)]
BOB = [f"shop user_id:2 email:b{n}" for n in range(3)]
BRIDGE = "forum email:a0 email:b0"
CROWD = [*ANN, *ANN, *BOB, *BOB, BRIDGE]


def test_two_people_behind_one_weak_bridge_are_parted(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    assert [len(person) for person in persons(*CROWD)] == [4, 4]
    cut = rows_of(warehouse, "identifier_edge", "value_a value_b rule blocked_reason")
    assert [edge for edge in cut if edge[-1]] == [("a0", "b0", "same_event:forum", "weak_bridge")]
    assert rows_of(warehouse, "identity_review", "reason email_count") == [("parted", 3), ("parted", 3)]


def test_cuts_are_counted_in_the_report(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons(*CROWD)
    report = stitch(warehouse, a_project())
    assert report.counts["cut: weak_bridge"] == 1
    assert [problem.code for problem in report.problems] == ["IDENTITY_REVIEW"]


def test_a_source_that_tells_of_a_merge_is_not_cut(persons: Persons) -> None:
    told = "crm b24_contact:1 b24_contact:2 is=contact_merged"
    other = [line.replace("shop user_id:2", "crm b24_contact:2") for line in BOB]
    assert len(persons(*ANN, *other, told)) == 1


def test_a_long_chain_is_parted(persons: Persons) -> None:
    steps = [f"s email:e{n} user_id:u{n}" for n in range(1)]
    chain = [
        "d zendesk_user:1 email:a",
        "d zendesk_user:1 phone:7",
        "d zendesk_user:2 phone:7",
        "d zendesk_user:2 email:b",
    ]
    assert all(
        len(person) <= 5 for person in persons(*steps, *chain, "w email:b ym_client:c", "w ga_client:d ym_client:c")
    )


def test_what_cannot_be_parted_is_shown_with_what_to_paste(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    lines = [f"crm b24_contact:1 email:a{n}" for n in (0, 0, 1, 1, 2, 2, 3)]
    persons(*lines)
    (finding,) = review(warehouse, limit=5)
    assert finding.reasons == ("many_addresses",)
    text = review_text(warehouse, [finding])
    assert "has more e-mails or phones than one person does" in text
    pasted = tomllib.loads(text[text.index("[[split]]") :].replace("    ", ""))
    assert pasted["split"] == [{"a": "b24_contact:1", "b": "email:#a3", "reason": "looked at in the review"}]


def test_what_was_pasted_parts_and_joins_again(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    lines = [f"crm b24_contact:1 email:a{n}" for n in (0, 0, 1, 1, 2, 2, 3)]
    assert len(persons(*lines, split=["b24_contact:1 = email:#a3"])) == 2
    assert review(warehouse, limit=5) == ()
    assert len(persons(*CROWD, merge=["email:#a0 = email:#b0"])) == 1
    assert len(people(warehouse)[0]) == 8


def test_a_parted_person_can_be_joined_again(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons(*CROWD)
    text = review_text(warehouse, review(warehouse, limit=1))
    assert 'a = "email:#a0"' in text
    assert "[[merge]]" in text
    assert "[[split]]" not in text


def test_nobody_in_doubt_is_said(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1 email:a")
    assert review_text(warehouse, review(warehouse, limit=5)) == "Nobody is in doubt."
