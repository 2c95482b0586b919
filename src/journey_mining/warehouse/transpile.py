"""The SQL models, and statements generated from specs, in the dialect of another engine.

In: one statement as DuckDB reads it. Out: the same statement for Spark 4. sqlglot knows most of the way; `_REWRITES`
holds what it says wrongly or not exactly, one function a rule, each with what would go wrong without it. A rule gets a
node and returns the node to stand in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import sqlglot
from sqlglot import exp

_SOURCE = "duckdb"
_SPARK = "spark"
_IS_KEPT = "is_kept"


def tables_of(sql: str) -> tuple[str, ...]:
    """Names of the tables that a statement reads, sorted, without those that it defines itself.

    >>> tables_of("with a as (select x from b) select a.x from a inner join c on a.x = c.x")
    ('b', 'c')
    """
    tree = sqlglot.parse_one(sql, dialect=_SOURCE)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return tuple(sorted({table.name for table in tree.find_all(exp.Table)} - own))


@cache
def to_spark(sql: str) -> str:
    """The statement for Spark 4, in ANSI mode and with the session in UTC.

    >>> to_spark("select quantile_cont(x, 0.5) as middle from t")
    'SELECT PERCENTILE(x, CAST(0.5 AS DOUBLE)) AS middle FROM t'
    """
    tree = sqlglot.parse_one(sql, dialect=_SOURCE)
    # from the leaves up, so that what a rule wraps has been rewritten before
    for node in reversed(list(tree.walk(bfs=False))):
        rewrite = _REWRITES.get(type(node))
        if rewrite is not None:
            other = rewrite(node.copy())
            tree = other if node is tree else tree
            node.replace(other)
    return str(tree.sql(dialect=_SPARK, comments=False))


def _exact_percentile(node: exp.Expr) -> exp.Expr:
    """`quantile_cont`: Spark's `percentile` is exact, what sqlglot writes is refused or an approximation."""
    return exp.func("PERCENTILE", node.this, node.expression)


def _known_extreme(node: exp.Expr) -> exp.Expr:
    """`arg_min` and `arg_max`: DuckDB passes over rows without a value, Spark would return the missing value."""
    known = exp.Case().when(node.this.is_(exp.null()).not_(), node.expression)
    return type(node)(this=node.this, expression=known)


def _wide_number(node: exp.Expr) -> exp.Expr:
    """`row_number()` and `ntile()`: 32 bits in Spark, 64 in DuckDB."""
    is_number = isinstance(node.this, exp.RowNumber | exp.Ntile)
    return exp.cast(node, exp.DataType.Type.BIGINT) if is_number else node


def _naive_trunc(node: exp.Expr) -> exp.Expr:
    """`date_trunc`: Spark makes a time with a zone of a time without one; the session is in UTC, so it is cast back."""
    return exp.cast(node, exp.DataType.Type.TIMESTAMPNTZ)


def _plain_double(node: exp.Expr) -> exp.Expr:
    """0.5: a decimal in Spark, whose quotients are rounded to a few digits; DuckDB computes with doubles."""
    is_fraction = node.args.get("is_string") is False and "." in node.name
    return exp.cast(node, exp.DataType.Type.DOUBLE) if is_fraction else node


def _kept_rows(node: exp.Expr) -> exp.Expr:
    """`qualify`: a column of the select, filtered outside; sqlglot loses columns that are only asked for there."""
    qualify = node.args.get("qualify")
    if not isinstance(node, exp.Select) or qualify is None:
        return node
    node.set("qualify", None)
    told = {found.alias: found.this for found in node.expressions if isinstance(found, exp.Alias)}
    for column in list(qualify.find_all(exp.Column)):
        if not column.table and column.name in told:
            column.replace(exp.paren(told[column.name].copy()))
    names = node.named_selects
    inner = node.select(exp.alias_(exp.paren(qualify.this), _IS_KEPT))
    return exp.select(*names).from_(inner.subquery("qualified")).where(_IS_KEPT)


def _iso_weekday(node: exp.Expr) -> exp.Expr:
    """`date_part('isodow', ...)`: Spark has another name for the days from Monday (1) to Sunday (7)."""
    parts = node.expressions
    if node.name.lower() == "date_part" and parts and parts[0].name == "isodow":
        return exp.func("DATE_PART", exp.Literal.string("dow_iso"), *parts[1:])
    return node


_REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.PercentileCont: _exact_percentile,
    exp.ArgMin: _known_extreme,
    exp.ArgMax: _known_extreme,
    exp.Window: _wide_number,
    exp.TimestampTrunc: _naive_trunc,
    exp.Literal: _plain_double,
    exp.Select: _kept_rows,
    exp.Anonymous: _iso_weekday,
}
