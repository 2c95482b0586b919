"""A table of a web page, as many systems deliver "Excel" files: a page with one <table>, named .xls.

In: a delivered page. Out: (line, cells) of the n-th table, the first of them the headings, piece by piece. Cells that
span columns leave the columns that they cover empty, cells that span rows stand in each of them, and a row that is
one cell over the whole width (a title, a footer) is no row. Tables are counted as they begin, so that
one inside a layout of tables can be wanted; tables inside a cell of the wanted one are text of the cell.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.tables import Row
from journey_mining.sources.spec import Stream

_PIECE = 1 << 16
_LARGEST_CELL = 8 << 20
_WIDEST = 2_000
"""columns; what spans more is no table of records"""
_LONGEST_SPAN = 65_534
_SPACES = re.compile(r"[ \t\r\n\f]+")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,5}")
_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"style", "script"})


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowFault]:
    """Rows of the table that the stream names.

    Raises:
        FileRejectedError: the page has no such table.
        UnicodeDecodeError: the page is written neither in the encoding that it declares nor in `encoding`.
    """
    page = _Page(stream.html.table)
    width = 0
    with delivered.text(_declared(delivered) or encoding) as text:
        while piece := text.read(_PIECE):
            page.feed(piece)
            if len(page.rawdata) > _LARGEST_CELL:
                raise rejected(delivered, "MALFORMED_ROW", "opens a tag that never ends", "a web page with a table")
            for line, cells in page.taken():
                width = width or len(cells)
                yield line, _fitted(cells, width)
        page.close()
        for line, cells in page.taken():
            width = width or len(cells)
            yield line, _fitted(cells, width)
    if page.tables < stream.html.table:
        what = f"holds {page.tables} tables, not the one that is wanted (number {stream.html.table})"
        raise rejected(delivered, "TABLE_NOT_FOUND", what, "a web page with that table; html.table counts from 1")


def _fitted(cells: list[str | None], width: int) -> list[str | None]:
    """Rows end where their last cell does; the cells after it are empty."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells + [None] * (width - len(cells))


def _declared(delivered: Delivered) -> str | None:
    """The encoding that the page itself declares, where Python knows it and all of the page is written in it."""
    with delivered.open() as stream:
        match = _CHARSET.search(stream.read(4_096))
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else ""
        if not name or name.startswith("utf"):
            return None  # pages that say UTF-8 are often not; the encodings of the spec are tried in their order
        with delivered.text(name) as text:
            while text.read(_PIECE):
                pass
    except (LookupError, UnicodeDecodeError):
        return None
    return name


@dataclass(slots=True)
class _Spanning:
    """A cell that stands in rows to come, too."""

    text: str
    rows_left: int


@dataclass(slots=True)
class _Cell:
    columns: int
    rows: int
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        lines = "".join(self.pieces).split("\n")
        return "\n".join(line.strip(" ") for line in lines).strip("\n ")


class _Page(HTMLParser):
    """Gathers the rows of the wanted table while the page is fed to it."""

    def __init__(self, wanted: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tables = 0
        self._wanted = wanted
        self._depth = 0
        """tables that are open, one inside the other, from the wanted one on"""
        self._row: list[_Cell] | None = None
        self._cell: _Cell | None = None
        self._line = 0
        self._silent = False
        self._spanning: dict[int, _Spanning] = {}
        self._done: list[tuple[int, list[str | None]]] = []
        self._is_over = False

    def taken(self) -> list[tuple[int, list[str | None]]]:
        """The rows that were completed since the last call."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell; in HTML the next one ends the one before it."""
        self._silent = tag in _SILENT
        if tag == "table":
            self._open_table()
        elif self._depth > 1 or tag in _BREAKS:
            self._add("\n" if tag == "br" else " ")
        elif self._depth == 1 and tag == "tr":
            self._end_row()
            self._row, self._line = [], self.getpos()[0]
        elif self._depth == 1 and tag in ("td", "th"):
            self._open_cell(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes."""
        self._silent = False
        if tag == "table" and self._depth:
            self._depth -= 1
            self._add(" ")
            if not self._depth:
                self._end_row()
                self._is_over = True
        elif self._depth == 1 and tag == "tr":
            self._end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._cell = None
        elif tag in _BREAKS:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        """Text; line ends of the page itself are mere spaces."""
        if not self._silent:
            self._add(_SPACES.sub(" ", data))

    def close(self) -> None:
        """End of the page; a row that was never closed ends with it."""
        super().close()
        if self._depth:
            self._end_row()

    def _open_table(self) -> None:
        if self._depth:
            self._depth += 1
        elif not self._is_over:
            self.tables += 1
            self._depth = int(self.tables == self._wanted)

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        if self._row is None:
            self._row, self._line = [], self.getpos()[0]
        if len(self._row) < _WIDEST:
            columns = _span(attributes.get("colspan"), _WIDEST)
            self._cell = _Cell(columns=columns, rows=_span(attributes.get("rowspan"), _LONGEST_SPAN))
            self._row.append(self._cell)

    def _add(self, text: str) -> None:
        if self._cell is not None:
            self._cell.pieces.append(text)

    def _end_row(self) -> None:
        row, self._row, self._cell = self._row, None, None
        if not row:
            return
        is_title = len(row) == 1 and row[0].columns > 1
        cells = [] if is_title else self._laid_out(row)
        if any(cells):
            self._done.append((self._line, cells))

    def _laid_out(self, row: list[_Cell]) -> list[str | None]:
        """The cells at their columns, those that come down from rows above among them."""
        cells: list[str | None] = []
        for cell in row:
            self._come_down(cells)
            for place in range(min(cell.columns, _WIDEST - len(cells))):
                text = cell.text if place == 0 else ""
                if cell.rows > 1:
                    self._spanning[len(cells)] = _Spanning(text, cell.rows - 1)
                cells.append(text or None)
        self._come_down(cells)
        return cells

    def _come_down(self, cells: list[str | None]) -> None:
        while (above := self._spanning.get(len(cells))) is not None:
            above.rows_left -= 1
            if not above.rows_left:
                del self._spanning[len(cells)]
            cells.append(above.text or None)


def _span(text: str | None, most: int) -> int:
    match = _DIGITS.fullmatch((text or "").strip())
    return max(1, min(int(match[0]), most)) if match else 1
