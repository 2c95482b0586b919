"""Paths into documents, and records with the records that hold them."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.sources.json_path import dig, find, getter, parse_path

PARAMS = {"event_params": [{"key": "page", "value": {"string_value": "/a"}}, {"key": "n", "value": {"int_value": 3}}]}
TALKS = {
    "conversations": [
        {"id": "7", "parts": {"list": [{"id": "70"}, {"id": "71"}]}},
        {"id": "8", "parts": {"list": []}},
        {"id": "9", "parts": {"list": [{"id": "90"}]}},
    ]
}
PARTS = "$.conversations[*].parts.list[*]"


def values(document: Any, path: str) -> list[Any] | None:
    found = find(document, path)
    return None if found is None else [branch.value for branch in found]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.event_params[key=page].value.string_value", "/a"),
        ("$.event_params[key=n].value.int_value", 3),
        ("$.event_params[key=none].value.int_value", None),
        ("$.event_params[1].key", "n"),
        ("$.event_params[9].key", None),
        ("$.event_params[*].key", ["page", "n"]),
        ("$['event_params'][0].key", "page"),
        ("event_params[0].key", "page"),
        ("$.event_params.key", None),
        ("$.event_params[*].none", None),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: Any) -> None:
    assert dig(PARAMS, path) == value


def test_values_of_an_object_are_reached_like_items_of_a_list() -> None:
    assert dig({"labels": {"0": "a", "1": "b"}}, "$.labels[*]") == ["a", "b"]


def test_entries_of_an_object_have_key_and_value() -> None:
    assert dig({"m": {"a": 1}}, "$.m{*}") == [{"key": "a", "value": 1}]


def test_a_record_knows_the_records_that_hold_it() -> None:
    found = find(TALKS, PARTS) or []
    parent, number = getter("$^.id"), getter("$#")
    assert [(branch.value["id"], parent(branch), number(branch)) for branch in found] == [
        ("70", "7", 0),
        ("71", "7", 1),
        ("90", "9", 0),
    ]


def test_above_the_highest_record_there_is_nothing() -> None:
    (first, *_) = find(TALKS, PARTS) or []
    assert getter("$^^^^.id")(first) is None


def test_records_kept_as_an_object_leave_plain_values_out() -> None:
    document = {"0": {"case": {"id": 1}}, "1": {"case": {"id": 2}}, "total_count": 2}
    assert values(document, "$[*].case") == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"error": "x"}, "$[*]"),
        ({"error": "x"}, "$.result[*]"),
        ({"error": {"code": 1}}, "$[*].case"),
        ({"error": "x"}, "$[*].result.items[*]"),
        ([1, 2], "$[*]"),
        ("text", "$"),
        ([1], "$"),
    ],
)
def test_a_document_of_another_kind_has_no_records(document: Any, path: str) -> None:
    assert find(document, path) is None


@pytest.mark.parametrize(
    ("document", "path"), [([], "$[*]"), ({"result": []}, "$.result[*]"), ({"result": {}}, "$.result[*]")]
)
def test_an_empty_export_has_its_place_and_no_records(document: Any, path: str) -> None:
    assert find(document, path) == []


def test_what_is_no_object_among_records_is_seen() -> None:
    assert values([{"id": 1}, 7], "$[*]") == [{"id": 1}, 7]


@pytest.mark.parametrize("path", ["$.a[", "$.a[x]", "$..a", "$.a{0}", "$.a]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        parse_path(path)
