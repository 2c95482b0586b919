from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from identity_support import a_project, write_sightings
from journey_mining.errors import SettingsError
from journey_mining.identity import explain, explanation_text, stitch
from journey_mining.privacy import DEMO_KEY, pseudonym
from journey_mining.project.overrides import NO_OVERRIDES, read_overrides
from journey_mining.warehouse import DuckDBWarehouse
from support import rows_of

Persons = Callable[..., list[set[str]]]
ANN = "ann@firm.example"
HASHED = pseudonym("email", ANN, DEMO_KEY)
ENTRY = '[[merge]]\na = "b24_contact:1"\nb = "email:ann@firm.example"\nreason = "she said so"\n'


def codes(warehouse: DuckDBWarehouse, lines: list[str], **overrides: list[str]) -> list[str]:
    write_sightings(warehouse, lines)
    return [problem.code for problem in stitch(warehouse, a_project(**overrides)).problems]


def test_a_merge_joins_what_no_evidence_joins(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    lines = ("crm b24_contact:1", f"desk email:{HASHED}")
    assert len(persons(*lines, merge=[f"b24_contact:1 = email:{ANN}"])) == 1
    assert rows_of(warehouse, "identifier_edge", "rule strength event_count") == [("override", "strong", 0)]


def test_a_merge_beats_a_shared_phone_and_leaves_the_phone_to_it(persons: Persons) -> None:
    lines = ("crm b24_contact:1 phone:7", "crm b24_contact:2 phone:7")
    assert persons(*lines, merge=["b24_contact:1 = phone:#7"]) == [{"b24_contact:1", "phone:7"}, {"b24_contact:2"}]


def test_merged_contacts_are_no_conflict(persons: Persons) -> None:
    lines = ("crm b24_contact:1 email:a", "crm b24_contact:2 email:a")
    assert len(persons(*lines, merge=["b24_contact:1 = b24_contact:2"])) == 1


def test_a_split_parts_what_evidence_joins_at_the_weakest_tie(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    lines = ("crm b24_contact:1 email:a", "crm b24_contact:1 email:a", "desk zendesk_user:9 email:a")
    assert persons(*lines, split=["b24_contact:1 = zendesk_user:9"]) == [
        {"b24_contact:1", "email:a"},
        {"zendesk_user:9"},
    ]
    edges = rows_of(warehouse, "identifier_edge", "value_b blocked_reason")
    assert sorted(edges, key=str) == [("9", "override"), ("a", None)]


def test_a_split_beats_a_merge(persons: Persons) -> None:
    pair = "b24_contact:1 = user_id:#2"
    assert len(persons("crm b24_contact:1", "shop user_id:2", merge=[pair], split=[pair])) == 2


def test_a_split_of_doubles_parts_them(persons: Persons) -> None:
    lines = [f"crm b24_contact:{n} email:a phone:7" for n in (1, 2)]
    assert (len(persons(*lines)), len(persons(*lines, split=["b24_contact:1 = b24_contact:2"]))) == (1, 2)


def test_taking_an_override_back_and_running_again_undoes_it(persons: Persons) -> None:
    lines = ("crm b24_contact:1", "shop user_id:2")
    assert [len(persons(*lines, **kept)) for kept in ({"merge": ["b24_contact:1 = user_id:#2"]}, {})] == [1, 2]


def test_what_nobody_has_is_a_notice_without_the_value(warehouse: DuckDBWarehouse) -> None:
    write_sightings(warehouse, ["crm b24_contact:1"])
    (problem,) = stitch(warehouse, a_project(merge=[f"b24_contact:1 = email:{ANN}"])).problems
    assert (problem.code, problem.is_notice) == ("OVERRIDE_UNKNOWN", True)
    assert "ann" not in problem.text
    assert "[[merge]] 1 was not applied: 1 of its two identifiers" in problem.text


def test_a_shared_mailbox_cannot_be_merged(warehouse: DuckDBWarehouse) -> None:
    lines = ["crm b24_contact:1 email:i!shared_mailbox"]
    assert codes(warehouse, lines, merge=["b24_contact:1 = email:#i"]) == ["OVERRIDE_BLOCKED"]


def test_the_explanation_names_the_file(persons: Persons, warehouse: DuckDBWarehouse) -> None:
    persons("crm b24_contact:1", f"desk email:{HASHED}", merge=[f"b24_contact:1 = email:{ANN}"])
    text = explanation_text(explain(warehouse, ("email", ANN), ("b24_contact", "1"), DEMO_KEY))
    assert "overrides.toml says that they are one" in text


def test_no_file_overrides_nothing(tmp_path: Path) -> None:
    assert read_overrides(tmp_path) is NO_OVERRIDES
    assert not NO_OVERRIDES


def test_a_file_is_read_and_prints_no_value(tmp_path: Path) -> None:
    (tmp_path / "overrides.toml").write_text(ENTRY, encoding="utf-8")
    (merge,) = read_overrides(tmp_path).merge
    assert (merge.a, merge.b) == (("b24_contact", "1"), ("email", ANN))
    assert repr(merge) == "Override('[[merge]] 1')"


def test_a_file_open_to_others_says_so(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text(ENTRY, encoding="utf-8")
    path.chmod(0o644)
    assert read_overrides(tmp_path).is_open_to_others
    path.chmod(0o600)
    assert not read_overrides(tmp_path).is_open_to_others


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.replace("reason", "why"), "has keys besides"),
        (ENTRY.replace("she said so", " "), r"\[\[merge\]\] 1 lacks reason"),
        (ENTRY.replace("email:ann", "ann"), "lacks b"),
        (ENTRY.replace("b24_contact:1", "email:ann@firm.example"), "the same identifier twice"),
        (ENTRY.replace("[[merge]]", "[merge]"), r"written as \[merge\]"),
        (ENTRY.replace("merge", "join"), "neither"),
        (ENTRY.replace('"b24_contact:1"', "1"), "lacks a"),
    ],
)
def test_an_entry_of_the_wrong_shape_is_refused_without_its_values(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "overrides.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message) as fault:
        read_overrides(tmp_path)
    assert "ann" not in str(fault.value).replace(str(tmp_path), "")
