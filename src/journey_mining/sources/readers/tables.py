"""Rows of any table on their way to batches: cells go to the columns whose headings stand above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journey_mining.sources.batches import Cells, RowFault, TextBatch, shown
from journey_mining.sources.headings import HeadingMatch
from journey_mining.sources.readers.json_cells import as_json

BATCH_ROWS = 20_000
_LIST_JOIN = "\n"

Row = tuple[int, Sequence[str | None]]
"""number of a line from 1, and its cells"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBlock:
    """Many rows at once, as readers of large files give them."""

    lines: list[int]
    rows: Sequence[Sequence[str | None]]


def table_batches(rows: Iterator[Row | RowBlock | RowFault], match: HeadingMatch, width: int) -> Iterator[TextBatch]:
    """Batches of the rows below the headings; a row of another width than `width` is a fault."""
    next(rows, None)
    good: list[Row] = []
    faults: list[RowFault] = []
    for row in rows:
        if isinstance(row, RowFault):
            faults.append(row)
        elif isinstance(row, RowBlock):
            if row.rows:
                yield _block_batch(row, match, width)
        elif len(row[1]) == width:
            good.append(row)
        else:
            faults.append(_misshapen(row, width))
        if len(good) + len(faults) >= BATCH_ROWS:
            yield _batch(good, faults, match)
            good, faults = [], []
    if good or faults:
        yield _batch(good, faults, match)


def _block_batch(block: RowBlock, match: HeadingMatch, width: int) -> TextBatch:
    if set(map(len, block.rows)) <= {width}:
        return _text_batch(block.lines, block.rows, [], match)
    rows = list(zip(block.lines, block.rows, strict=True))
    faults = [_misshapen(row, width) for row in rows if len(row[1]) != width]
    return _batch([row for row in rows if len(row[1]) == width], faults, match)


def _misshapen(row: Row, width: int) -> RowFault:
    detail = f"{len(row[1])} cells instead of {width}"
    return RowFault(line=row[0], reason="MALFORMED_ROW", detail=detail, raw=shown(list(row[1])))


def _batch(rows: list[Row], faults: list[RowFault], match: HeadingMatch) -> TextBatch:
    return _text_batch([line for line, _ in rows], [row for _, row in rows], faults, match)


def _text_batch(
    lines: list[int], cells: Sequence[Sequence[str | None]], faults: list[RowFault], match: HeadingMatch
) -> TextBatch:
    by_place = list(zip(*cells, strict=True))
    columns: dict[str, Cells] = {}
    for name, places in match.cells.items():
        if len(places) == 1 and cells:
            columns[name] = by_place[places[0]]
        elif places:
            columns[name] = [_LIST_JOIN.join(row[place] or "" for place in places if row[place]) for row in cells]
        else:
            columns[name] = [None] * len(cells)
    return TextBatch(
        lines=lines,
        columns=columns,
        extra=[_extra(row, match) for row in cells] if match.unmapped else [None] * len(cells),
        raw=cells,
        faults=faults,
    )


def _extra(row: Sequence[str | None], match: HeadingMatch) -> str | None:
    rest = {heading: row[place] for place, heading in match.unmapped if row[place]}
    return as_json(rest) if rest else None
