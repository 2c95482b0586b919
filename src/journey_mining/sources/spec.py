"""A source, described: `spec.toml` and the SQL files beside it, read into frozen typed values.

In: a folder `<project>/sources/<name>/`. Out: one `Source`. Adding a source is writing such a folder; no Python.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from journey_mining.errors import SettingsError, SpecError, did_you_mean
from journey_mining.project.values import Strict, read_toml, validated
from journey_mining.sources.spec_values import Encoding, Pattern, Replacement, TimeFormat

ColumnType = Literal[
    "id",
    "text",
    "label",
    "text_list",
    "int",
    "decimal",
    "bool",
    "date",
    "datetime",
    "datetime_tz",
    "epoch_s",
    "epoch_ms",
    "epoch_us",
    "phone",
    "phone_list",
    "email",
    "email_list",
    "currency",
    "url",
    "url_host",
    "url_path",
    "json",
]
Role = Literal["crm", "web", "support", "feedback", "other"]
SQL_FILES = ("events", "event_identifiers", "event_objects", "event_texts")
ROW_KEY = "_row_key"
"""key of streams whose records have no id of their own: a hash of the mapped cells"""
_TYPING = "3"
"""raised whenever the same text would be typed differently than before: all that is loaded is typed anew then"""
_TIME_PARTS = frozenset({"%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%f"})
_DECISIVE = ("crm", "web", "support")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class SourceSettings(Strict):
    """`[source]`: what the system is and how it writes."""

    id: str
    """name of the source in every table; letters, digits and _"""
    system: str
    role: Role
    title_ru: str
    title_en: str
    timezone: str = "UTC"
    """zone of times that carry none"""
    locale: str = "en-US"
    """decides "1,234": with ru the comma is decimal"""
    default_country: str = "RU"
    """country of phones written without one"""
    is_decisive: bool | None = None
    """whether its freshness limits the observation window; default: yes for crm, web and support"""
    priority: int = Field(default=50, ge=0, le=999)
    """order of sources among events of the same instant"""

    @field_validator("id")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not _NAME.match(value) or "__" in value:
            message = f"{value!r} must be lower-case letters, digits and single underscores"
            raise ValueError(message)
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as missing:
            message = f"{value!r} is no IANA time zone such as Europe/Moscow"
            raise ValueError(message) from missing
        return value

    @property
    def decides_window(self) -> bool:
        """Whether the observation window waits for this source."""
        return self.role in _DECISIVE if self.is_decisive is None else self.is_decisive


class CsvDialect(Strict):
    """How a delimited file is written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    """'' = quotes are ordinary characters"""
    unwrap_quotes: bool = False
    """cells that hold quotes come wrapped in quotes with the inner ones doubled, although quote = '' (Metrica)"""
    skip_lines: int = Field(default=0, ge=0)
    """lines before the headings"""
    drop_empty_trailing: bool = False
    """every line ends with one delimiter too many (Bitrix24)"""


class JsonDialect(Strict):
    """Where the records of a JSON document are; the first path that yields rows is taken."""

    records: tuple[str, ...] = ("$[*]", "$")


class SoftDelete(Strict):
    """A record with one of these values counts as deleted at its source."""

    column: str
    values: tuple[str, ...]


class Delivery(Strict):
    """How files of the stream relate to each other."""

    mode: Literal["snapshot", "append", "upsert", "partition"] = "upsert"
    complete: bool = False
    """snapshots hold every record: what is absent from the newest one is deleted"""
    max_shrink: float = Field(default=0.2, ge=0, le=1)
    """a newest snapshot that lost a larger share of keys deletes nothing and is reported"""
    soft_delete: SoftDelete | None = None


class SnapshotAt(Strict):
    """When the file was drawn, read from its name."""

    filename_re: Pattern
    format: TimeFormat = "%Y-%m-%d"


class Duplicates(Strict):
    """Rows of one file with the same key: the newest stays, `sum` columns are added up over all of them."""

    sum: tuple[str, ...] = ()


class Column(Strict):
    """One typed column of staging."""

    from_: tuple[str, ...] = Field(default=(), alias="from")
    """headings it may have; list types join all that are present, others take the first"""
    path: str = ""
    """place in a JSON record, or inside the JSON text of the cell"""
    type: ColumnType = "text"
    required: bool = False
    """rows without a sound value are quarantined, files without the heading are rejected"""
    formats: tuple[str, ...] = ()
    """formats of date and datetime in the manner of strptime (%Y %y %m %d %H %M %S %f), tried in order"""
    allowed: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    """values that stand for nothing"""
    map: dict[str, str] = Field(default_factory=dict)
    split: Pattern = r"[,;\n]"
    clean: Literal["", "html", "bbcode"] = ""
    replace: tuple[Replacement, ...] = ()
    """regular expressions and what to put in their place, applied in order to the parsed text"""
    minimum: float | None = None
    maximum: float | None = None

    @field_validator("formats")
    @classmethod
    def _are_formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            unknown = sorted(set(re.findall(r"%.?", text)) - _TIME_PARTS)
            has_day = all(part in text.replace("%y", "%Y") for part in ("%Y", "%m", "%d"))
            if unknown or not has_day:
                message = (
                    f"{text!r} must hold %Y (or %y), %m and %d, may hold %H %M %S %f, and nothing else ({unknown})"
                )
                raise ValueError(message)
        return value

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several values."""
        return self.type.endswith("_list")


class Stream(Strict):
    """One kind of file of a source and the records in it."""

    id: str
    files: tuple[str, ...] = Field(min_length=1)
    """globs relative to the inbox"""
    format: Literal["csv", "ndjson", "json"]
    encodings: tuple[Encoding, ...] = Field(default=("utf-8-sig",), min_length=1)
    csv: CsvDialect = CsvDialect()
    json_: JsonDialect = Field(default=JsonDialect(), alias="json")
    delivery: Delivery = Delivery()
    snapshot_at: SnapshotAt | None = None
    key: tuple[str, ...] = Field(min_length=1)
    version: tuple[str, ...] = ()
    """columns that grow with each change of a record; the largest wins"""
    duplicates: Duplicates = Duplicates()
    decides_freshness: bool = True
    """the source knows nothing later than its stalest stream of this kind; false for lists that are only looked up"""
    null_values: tuple[str, ...] = ("", "null", "NULL", "\\N", "0001-01-01")
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _names_agree(self) -> Stream:
        known = [*self.columns, ROW_KEY]
        used = [*self.key, *self.version, *self.duplicates.sum]
        used += [self.delivery.soft_delete.column] if self.delivery.soft_delete else []
        faults = [f"no column {name!r}.{did_you_mean(name, known)}" for name in used if name not in known]
        faults += [f"column name {name!r}" for name in (self.id, *self.columns) if not _NAME.match(name)]
        faults += [f"column {n!r} needs from or path" for n, c in self.columns.items() if not c.from_ and not c.path]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def required_columns(self) -> list[str]:
        """Columns that a row cannot do without."""
        return [name for name, column in self.columns.items() if column.required or name in self.key]


class SourceSpec(Strict):
    """All of `spec.toml`."""

    spec_version: Literal[1] = 1
    source: SourceSettings
    stream: tuple[Stream, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _streams_differ(self) -> SourceSpec:
        ids = [stream.id for stream in self.stream]
        if len(set(ids)) != len(ids):
            message = f"stream ids repeat: {ids}"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source folder, read."""

    folder: Path
    settings: SourceSettings
    streams: tuple[Stream, ...]
    sql: dict[str, str]
    """text of the SQL files by name; `events` is always there"""

    @property
    def id(self) -> str:
        """Name of the source in every table."""
        return self.settings.id

    def spec_hash(self, stream: Stream) -> str:
        """Changes when anything changes that decides how files of `stream` are read."""
        read = stream.model_dump_json(exclude={"decides_freshness"})
        parts = (_TYPING, read, self.settings.timezone, self.settings.locale, self.settings.default_country)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def staging_name(source: str, stream: str) -> str:
    """Name of the staging table that event SQL reads.

    >>> staging_name("bitrix24", "deals")
    'stg_bitrix24__deals'
    """
    return f"stg_{source}__{stream}"


def load_source(folder: Path) -> Source:
    """Read one source folder.

    Raises:
        SpecError: spec.toml is wrong, or events.sql is missing.
    """
    path = folder / "spec.toml"
    try:
        spec = validated(SourceSpec, read_toml(path), where=str(path))
    except SettingsError as fault:
        raise SpecError(
            fault.what,
            expected="the keys and types described in docs/adding-a-source.md.",
            todo="Correct the keys named, then run `journey source check`.",
        ) from fault
    sql = {name: file.read_text(encoding="utf-8") for name in SQL_FILES if (file := folder / f"{name}.sql").is_file()}
    if "events" not in sql:
        raise SpecError(
            f"{folder} has no events.sql.",
            expected="one select that turns the staged rows into events.",
            todo="Write it beside spec.toml; copy one from the catalogue to start from.",
        )
    return Source(folder=folder, settings=spec.source, streams=spec.stream, sql=sql)


def load_sources(folder: Path) -> list[Source]:
    """Every source folder inside `folder`, by id.

    Raises:
        SpecError: a spec is wrong, or two folders claim the same id.
    """
    folders = sorted(path.parent for path in folder.glob("*/spec.toml"))
    sources = sorted((load_source(path) for path in folders), key=lambda source: source.id)
    for first, second in pairwise(sources):
        if first.id == second.id:
            raise SpecError(
                f"{first.folder} and {second.folder} both call themselves {first.id!r}.",
                expected="an id of its own for every source.",
                todo="Change [source] id in one of them, and the table names in its SQL files.",
            )
    return sources
