from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from journey_mining.warehouse.models import all_models
from journey_mining.warehouse.transpile import tables_of, to_spark


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # a missing value is no extreme
        (
            "select arg_max(a, b) as a from t",
            "SELECT MAX_BY(a, CASE WHEN NOT a IS NULL THEN b END) AS a FROM t",
        ),
        # exact, not an approximation
        ("select quantile_cont(a, 0.9) as a from t", "SELECT PERCENTILE(a, CAST(0.9 AS DOUBLE)) AS a FROM t"),
        # whole numbers stay what they are, fractions are no decimals
        ("select a / 2592000.0 as a, 3 as b from t", "SELECT a / CAST(2592000.0 AS DOUBLE) AS a, 3 AS b FROM t"),
        # a time without a zone stays one
        (
            "select date_trunc('second', a) as a from t",
            "SELECT CAST(DATE_TRUNC('SECOND', a) AS TIMESTAMP_NTZ) AS a FROM t",
        ),
        ("select date_part('isodow', a) as a from t", "SELECT DATE_PART('dow_iso', a) AS a FROM t"),
        # missing cells last, as the embedded engine sorts
        (
            "select row_number() over (order by a) as a from t",
            "SELECT CAST(ROW_NUMBER() OVER (ORDER BY a NULLS LAST) AS BIGINT) AS a FROM t",
        ),
        # order inside of a text is kept
        (
            "select string_agg(a, '>' order by b) as a from t",
            "SELECT LISTAGG(a, '>') WITHIN GROUP (ORDER BY b NULLS LAST) AS a FROM t",
        ),
        # concat passes over what is missing
        ("select concat('x:', a) as a from t", "SELECT CONCAT('x:', COALESCE(a, '')) AS a FROM t"),
    ],
)
def test_a_construct_means_the_same_in_spark(ours: str, theirs: str) -> None:
    assert to_spark(ours) == theirs


def test_a_qualified_row_may_be_chosen_by_a_column_that_is_not_selected() -> None:
    found = to_spark("select a.x as x from a inner join b on a.x = b.x qualify b.y > max(a.x) over (partition by b.y)")
    assert found == (
        "SELECT x FROM (SELECT a.x AS x, (b.y > MAX(a.x) OVER (PARTITION BY b.y)) AS is_kept "
        "FROM a INNER JOIN b ON a.x = b.x) AS qualified WHERE is_kept"
    )


def test_a_qualified_row_may_be_chosen_by_a_name_given_in_the_same_select() -> None:
    found = to_spark("select x + 1 as z from a qualify z > min(x) over ()")
    assert "((x + 1) > MIN(x) OVER ()) AS is_kept" in found


def test_what_a_rule_wraps_is_rewritten_too() -> None:
    found = to_spark("select arg_min(a, date_trunc('second', b)) as a from t")
    assert "THEN CAST(DATE_TRUNC('SECOND', b) AS TIMESTAMP_NTZ) END" in found


@pytest.mark.parametrize("name", sorted(all_models()))
def test_every_model_keeps_its_columns_and_tables(name: str) -> None:
    model = all_models()[name]
    theirs = sqlglot.parse_one(to_spark(model.sql), dialect="spark")
    ours = sqlglot.parse_one(model.sql, dialect="duckdb")
    assert theirs.named_selects == ours.named_selects
    own = {cte.alias for cte in theirs.find_all(exp.CTE)}
    assert {table.name for table in theirs.find_all(exp.Table)} - own == set(model.reads) == set(tables_of(model.sql))
