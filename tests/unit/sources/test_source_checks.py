"""Checks that a source folder brings itself."""

from __future__ import annotations

import pytest

from journey_mining.errors import CheckFailedError, SpecError
from journey_mining.sources import build_events, check_specs
from source_place import HEADINGS, KEY, Place, order

CHEAP = """-- model: cheap
-- layer: checks
-- grain: one row per order
-- key: order_id
-- reads: stg_shop__orders
-- why: an order costs something
select order_id from stg_shop__orders where amount <= 0
"""


@pytest.fixture
def selling(place: Place) -> Place:
    """Two orders, one for nothing, and a check that finds it."""
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + order(2, amount="0"))
    place.load()
    checks = place.root / "sources" / "shop" / "checks"
    checks.mkdir()
    (checks / "cheap.sql").write_text(CHEAP, encoding="utf-8")
    return place


def rewrite(place: Place, old: str, new: str) -> None:
    (place.root / "sources/shop/checks/cheap.sql").write_text(CHEAP.replace(old, new), encoding="utf-8")


def test_a_check_that_returns_rows_warns(selling: Place) -> None:
    report = build_events(selling.project, target=selling.root / "built.duckdb", key=KEY)
    (problem,) = report.problems
    assert (problem.code, problem.where) == ("CHECK_cheap", "shop/checks/cheap.sql")
    assert problem.text.startswith("1 rows: an order costs something. Expected: none. To do: ")
    assert problem.is_notice is False


def test_rows_of_a_check_are_counted_among_the_problems_of_the_source(selling: Place) -> None:
    found = selling.built("select source, stream, path, code, message, row_count from load_problem")
    assert found == [("shop", "orders", "checks/cheap.sql", "CHECK_cheap", "an order costs something", 1)]


def test_a_check_without_rows_is_silent(selling: Place) -> None:
    rewrite(selling, "<= 0", "< 0")
    assert selling.built("select code from load_problem") == []


def test_a_check_of_severity_error_stops_the_run(selling: Place) -> None:
    rewrite(selling, "-- why", "-- severity: error\n-- why")
    with pytest.raises(CheckFailedError, match=r"shop/checks/cheap: 1 rows \(an order costs something\)"):
        selling.build()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("-- why", "-- severity: fatal\n-- why", "has the severity 'fatal'"),
        ("stg_shop__orders", "stg_shop__notes2", "reads stg_shop__notes2"),
        ("amount <= 0", "price <= 0", "checks/cheap.sql failed"),
        ("-- model: cheap", "-- model: dear", "names another model"),
    ],
)
def test_slips_in_a_check_are_found_without_loading(selling: Place, old: str, new: str, words: str) -> None:
    rewrite(selling, old, new)
    (problem,) = check_specs(selling.project)
    assert words in problem.text
    with pytest.raises(SpecError):
        selling.build()
