"""Arrow columns to numpy and back over the same memory, without what pyarrow does for frames.

`pa.array` and `to_numpy` load pandas to ask whether they were given a frame, which costs a second of every start. The
packed layout has whole numbers without nulls and a few names only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_ARROW = {"int8": pa.int8(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64()}


def numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """The numbers of a column without nulls."""
    kind = np.dtype(str(column.type).replace("double", "float64"))
    parts = [np.frombuffer(c.buffers()[1], kind, len(c), c.offset * kind.itemsize) for c in column.chunks if len(c)]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, kind), *parts])


def coded(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Distinct names of a column and the number of each row's."""
    if not len(column):
        return (), np.zeros(0, dtype=np.int32)
    found = column.combine_chunks().dictionary_encode()
    return tuple(found.dictionary.to_pylist()), numbers(pa.chunked_array([found.indices]))


def plain(values: NDArray[Any], *, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers as a column; null where not `known`."""
    values = np.ascontiguousarray(values)
    bitmap = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(_ARROW[str(values.dtype)], len(values), [bitmap, pa.py_buffer(values)])


def named(names: Sequence[str], places: NDArray[Any]) -> pa.Array:
    """The name at each place as a column of texts."""
    texts = [name.encode() for name in names]
    ends = np.zeros(len(places) + 1, dtype=np.int32)
    np.cumsum(np.array([len(text) for text in texts], dtype=np.int64)[places], out=ends[1:])
    content = b"".join([texts[place] for place in places.tolist()])
    return pa.StringArray.from_buffers(len(places), pa.py_buffer(ends), pa.py_buffer(content))
