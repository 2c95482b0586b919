"""Records of any nested format on their way to batches: paths lead to the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from journey_mining.sources.batches import Cells, RowFault, TextBatch
from journey_mining.sources.json_path import Branch, getter, only_key, parse_path, text_of
from journey_mining.sources.readers.json_cells import as_json
from journey_mining.sources.readers.tables import BATCH_ROWS
from journey_mining.sources.spec import Stream
from journey_mining.sources.spec_column import Column

_TEXTS = frozenset({str, type(None)})
Record = tuple[int, Branch]
"""number of a line or record from 1, and the record"""


def record_batches(records: Iterator[Record | RowFault], stream: Stream) -> Iterator[TextBatch]:
    """Batches of records."""
    readers = {name: _column_reader(column) for name, column in stream.columns.items()}
    used = {key for column in stream.columns.values() for path in column_paths(column) if (key := _own_key(path))}
    good: list[Record] = []
    faults: list[RowFault] = []
    for record in records:
        if isinstance(record, RowFault):
            faults.append(record)
        else:
            good.append(record)
        if len(good) + len(faults) >= BATCH_ROWS:
            yield _batch(good, faults, readers, used)
            good, faults = [], []
    if good or faults:
        yield _batch(good, faults, readers, used)


def column_paths(column: Column) -> tuple[str, ...]:
    """The paths of a column; its headings are keys of the record where it has none."""
    return column.path or tuple(f"$['{key}']" for key in column.from_)


def _column_reader(column: Column) -> Callable[[Sequence[Branch]], Cells]:
    paths = column_paths(column)
    getters = [getter(path) for path in paths]
    if len(getters) > 1:
        return lambda branches: [
            next((text for get in getters if (text := text_of(get(branch))) is not None), None) for branch in branches
        ]
    only, key = getters[0], only_key(paths[0])
    if key is None:
        return lambda branches: [text_of(only(branch)) for branch in branches]
    return lambda branches: _texts([branch.value.get(key) for branch in branches])


def _texts(values: list[Any]) -> Cells:
    return values if set(map(type, values)) <= _TEXTS else [text_of(value) for value in values]


def _own_key(path: str) -> str | None:
    return parse_path(path).first_key


def _batch(
    records: list[Record],
    faults: list[RowFault],
    readers: dict[str, Callable[[Sequence[Branch]], Cells]],
    used: set[str],
) -> TextBatch:
    branches = [branch for _, branch in records]
    columns: dict[str, Cells] = {name: read(branches) for name, read in readers.items()}
    return TextBatch(
        lines=[line for line, _ in records],
        columns=columns,
        extra=[_extra(branch.value, used) for branch in branches],
        raw=_raw(branches),
        faults=faults,
    )


def _raw(branches: Sequence[Branch]) -> list[object]:
    return [branch.value for branch in branches]


def _extra(record: Any, used: set[str]) -> str | None:
    if used.issuperset(record):
        return None
    rest = {key: value for key, value in record.items() if key not in used}
    return as_json(rest) if rest else None
