"""Whether two tables hold the same rows, told apart to the last digit that engines owe each other."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pyarrow as pa


def rows(table: pa.Table, *, without: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Rows as texts, sorted; doubles to nine digits, because engines add them up in different orders."""
    kept = [name for name in table.column_names if name not in without]
    cells = [[told(value) for value in table[name].to_pylist()] for name in kept]
    return sorted(zip(*cells, strict=True)) if cells else []


def told(value: object) -> str:
    match value:
        case None:
            return "∅"
        case float():
            return f"{value + 0.0:.9g}"
        case Decimal():
            return f"{float(value):.9g}" if value % 1 else str(int(value))
        case datetime():
            return value.isoformat()
        case _:
            return str(value)


def types(table: pa.Table) -> dict[str, str]:
    """Types of columns; sums of whole numbers have 128 bits in one engine and 64 in the other."""
    return {
        field.name: "int64" if pa.types.is_decimal(field.type) and field.type.scale == 0 else str(field.type)
        for field in table.schema
    }
