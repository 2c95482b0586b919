"""Where records are in JSON of strangers."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.sources.workbench.json_shapes import leaves_of, nested_lists, records_of


@pytest.mark.parametrize(
    ("document", "path", "count"),
    [
        ([{"id": "1"}, {"id": "2"}], "$[*]", 2),
        ({"result": [{"id": "1"}, {"id": "2"}], "next": "50"}, "$.result[*]", 2),
        ([{"result": {"items": [{"id": "1"}]}}, {"result": {"items": [{"id": "2"}]}}], "$[*].result.items[*]", 2),
        ({"0": {"a": "1"}, "1": {"a": "2"}, "total_count": "2"}, "$", 1),
        ({"cases": {"0": {"a": "1"}, "1": {"a": "2"}}}, "$.cases[*]", 2),
        ({"0": {"case": {"a": "1"}}, "1": {"case": {"a": "2"}}, "total_count": "2"}, "$[*].case", 2),
        ({"messages": [{"message": {"a": "1"}}, {"message": {"a": "2"}}]}, "$.messages[*].message", 2),
        ({"id": "7", "tags": [{"name": "a"}]}, "$", 1),
    ],
)
def test_records_are_found(document: Any, path: str, count: int) -> None:
    found = records_of(document)
    assert found is not None
    assert (found.path, len(found.items)) == (path, count)


def test_values_are_found_at_any_depth_and_in_lists_of_values() -> None:
    record = {"id": "1", "via": {"channel": "web"}, "tags": ["a"], "PHONE": [{"ID": "5", "VALUE": "+79165550101"}]}
    assert [(leaf.path, leaf.is_list) for leaf in leaves_of((record,))] == [
        ("$.id", False),
        ("$.via.channel", False),
        ("$.tags", True),
        ("$.PHONE[*].VALUE", True),
    ]


def test_lists_of_records_in_records_are_told() -> None:
    assert nested_lists(({"id": "1", "parts": {"parts": [{"id": "2"}]}},)) == [".parts.parts[*]"]
