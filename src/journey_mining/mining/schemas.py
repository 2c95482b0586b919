"""Columns of tables that Python writes, said in one line each."""

from __future__ import annotations

import pyarrow as pa

_TYPES = {"text": pa.string(), "int": pa.int64(), "real": pa.float64(), "bool": pa.bool_()}


def schema(**columns: str) -> pa.Schema:
    """An Arrow schema; each keyword is a type (text, int, real or bool) with a number, its value names of columns.

    Columns stand in the order written, so that a type may come several times: text, int, text_2.

    >>> schema(text="segment", int="journey_count", text_2="flags").names
    ['segment', 'journey_count', 'flags']
    """
    return pa.schema([(name, _TYPES[kind.split("_")[0]]) for kind, names in columns.items() for name in names.split()])
