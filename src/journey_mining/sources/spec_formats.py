"""How the files of a stream are written: one section of a spec for each format."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from journey_mining.project.values import Strict
from journey_mining.sources.spec_values import JsonPath, Pattern


class CsvDialect(Strict):
    """How a delimited file is written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    """what stands between cells"""
    quote: str = Field(default='"', max_length=1)
    """'' = quotes are ordinary characters"""
    unwrap_quotes: bool = False
    """cells that hold quotes come wrapped in quotes with the inner ones doubled, although quote = '' (Metrica)"""
    skip_lines: int = Field(default=0, ge=0)
    """lines before the headings"""
    drop_empty_trailing: bool = False
    """every line ends with one delimiter too many (Bitrix24)"""
    headings: tuple[str, ...] = ()
    """the columns in their order, where the file has no line of headings"""
    heading_rows: int = Field(default=1, ge=1, le=3)
    """rows of headings, joined with ' / '"""
    footer: Pattern = ""
    """reading ends at the first row whose first cell this is found in"""


class JsonDialect(Strict):
    """Where the records of a JSON document are; the first path that the document has is taken."""

    records: tuple[JsonPath, ...] = ("$[*]", "$")
    """paths, such as $.result.items[*]"""


class XlsxSheet(Strict):
    """Which sheet of a workbook holds the table."""

    sheet: str | int = 1
    """its name, or its number from 1"""
    skip_lines: int = Field(default=0, ge=0)
    """rows before the headings"""


class HtmlTable(Strict):
    """Which table of a page holds the records."""

    table: int = Field(default=1, ge=1)
    """its number from 1"""


class RegexLines(Strict):
    """How a line is taken apart."""

    pattern: Pattern = ""
    """its named groups are the headings"""
    ignore: Pattern = ""
    """lines in which this is found are no records: comments"""


class SqliteTable(Strict):
    """Which table of a database holds the records."""

    table: str = ""
    """its name; views are none"""


class OcelRecords(Strict):
    """Which part of an object-centric event log the stream reads; links are the pairs of an event and an object."""

    records: Literal["events", "objects", "links"] = "events"
    """which of them"""
