"""Small helpers that tests of every layer use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from journey_mining.warehouse import Warehouse, model_named


def at(text: str) -> datetime:
    """A naive UTC time from ISO text."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


NOON = datetime(2026, 5, 4, 12, tzinfo=UTC).replace(tzinfo=None)


def given(warehouse: Warehouse, table: str, columns: str, rows: Sequence[Sequence[Any]], **types: pa.DataType) -> None:
    """Write literal rows; `columns` is a space-separated list of names, `types` overrides inferred types."""
    names = columns.split()
    arrays = [pa.array([row[i] for row in rows], type=types.get(name)) for i, name in enumerate(names)]
    # a column of nothing but nulls has no type of its own; text serves every model
    arrays = [array.cast(pa.string()) if pa.types.is_null(array.type) else array for array in arrays]
    warehouse.write(table, pa.table(dict(zip(names, arrays, strict=True))))


def built(warehouse: Warehouse, model: str, columns: str, *, order_by: str = "") -> list[tuple[Any, ...]]:
    """Build a shipped model and return the named columns, ordered by them (or by `order_by`)."""
    warehouse.build(model_named(model))
    return rows_of(warehouse, model, columns, order_by=order_by)


def rows_of(warehouse: Warehouse, table: str, columns: str, *, order_by: str = "") -> list[tuple[Any, ...]]:
    """Rows of a table as tuples."""
    names = columns.split()
    data = warehouse.read_arrow(table, order_by=order_by.split() or names, columns=names)
    return [tuple(row[name] for name in names) for row in data.to_pylist()]
