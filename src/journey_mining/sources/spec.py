"""A source, described: `spec.toml` and the SQL files beside it, read into frozen typed values.

In: a folder `<project>/sources/<name>/`. Out: one `Source`. Adding a source is writing such a folder; no Python.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from journey_mining.errors import SettingsError, SpecError, did_you_mean
from journey_mining.project.values import Strict, read_toml, validated
from journey_mining.sources.json_path import parse_path
from journey_mining.sources.spec_column import Column
from journey_mining.sources.spec_delivery import Delivery, SnapshotAt, delivery_faults
from journey_mining.sources.spec_formats import (
    CsvDialect,
    HtmlTable,
    JsonDialect,
    OcelRecords,
    RegexLines,
    SqliteTable,
    XlsxSheet,
)
from journey_mining.sources.spec_values import Encoding, Zone

Role = Literal["crm", "web", "support", "feedback", "other"]
SQL_FILES = ("events", "event_identifiers", "event_objects", "event_texts")
ROW_KEY = "_row_key"
"""key of streams whose records have no id of their own: a hash of the mapped cells"""
_TYPING = "4"
"""raised whenever the same text would be typed differently than before: all that is loaded is typed anew then"""
_DECISIVE = ("crm", "web", "support")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class SourceSettings(Strict):
    """`[source]`: what the system is and how it writes."""

    id: str
    """name of the source in every table; letters, digits and _"""
    system: str
    """the product that writes the exports, for people"""
    role: Role
    """what the system is for; decides which events its rows may be"""
    title_ru: str
    """name on pages, in Russian"""
    title_en: str
    """name on pages, in English"""
    timezone: Zone = "UTC"
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

    @property
    def decides_window(self) -> bool:
        """Whether the observation window waits for this source."""
        return self.role in _DECISIVE if self.is_decisive is None else self.is_decisive


class IdentifierKind(Strict):
    """A kind of identifier that this source brings: how far it is trusted to name one person."""

    kind: str
    """name of the kind, such as email or b24_contact"""
    strength: Literal["strong", "medium", "weak"]
    """strong: one value names one person; weak: a cookie, which only adds to somebody known"""
    names_person: bool = True
    """false: somebody may have several (users of a support desk), so that two values do not make two people"""
    is_personal: bool = True
    """hashed before it is published; false only for the record numbers of the company's own systems"""

    @field_validator("kind")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not _NAME.match(value):
            message = f"{value!r} must be lower-case letters, digits and underscores"
            raise ValueError(message)
        return value


class Duplicates(Strict):
    """Rows of one file with the same key: the newest stays, `sum` columns are added up over all of them."""

    sum: tuple[str, ...] = ()
    """columns to add up"""


class Stream(Strict):
    """One kind of file of a source and the records in it."""

    id: str
    """name of the stream; its tables are called so"""
    files: tuple[str, ...] = Field(min_length=1)
    """globs relative to the inbox"""
    format: Literal["csv", "ndjson", "json", "xlsx", "html", "parquet", "regex", "mbox", "sqlite", "xes", "ocel"]
    """how its files are written"""
    also: bool = False
    """takes its files even where an earlier stream took them too; one without a record for it is no fault then"""
    members: tuple[str, ...] = ()
    """globs of the names inside an archive that it reads; all of them where none is said"""
    encodings: tuple[Encoding, ...] = Field(default=("utf-8-sig",), min_length=1)
    """tried in order; the one under which all required headings are found is taken"""
    csv: CsvDialect = CsvDialect()
    json_: JsonDialect = Field(default=JsonDialect(), alias="json")
    xlsx: XlsxSheet = XlsxSheet()
    html: HtmlTable = HtmlTable()
    regex: RegexLines = RegexLines()
    sqlite: SqliteTable = SqliteTable()
    ocel: OcelRecords = OcelRecords()
    delivery: Delivery = Delivery()
    snapshot_at: SnapshotAt | None = None
    key: tuple[str, ...] = Field(min_length=1)
    """columns that name a record; _row_key where records have no id of their own"""
    version: tuple[str, ...] = ()
    """columns that grow with each change of a record; the largest wins"""
    duplicates: Duplicates = Duplicates()
    decides_freshness: bool = True
    """the source knows nothing later than its stalest stream of this kind; false for lists that are only looked up"""
    null_values: tuple[str, ...] = ("", "null", "NULL", "\\N", "0001-01-01")
    """cells that mean nothing"""
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _names_agree(self) -> Stream:
        known = [*self.columns, ROW_KEY]
        used = [*self.key, *self.version, *self.duplicates.sum]
        used += [self.delivery.soft_delete.column] if self.delivery.soft_delete else []
        used += [self.delivery.partition] if self.delivery.partition else []
        faults = [f"no column {name!r}.{did_you_mean(name, known)}" for name in used if name not in known]
        faults += [f"column name {name!r}" for name in (self.id, *self.columns) if not _NAME.match(name)]
        faults += [f"column {n!r} needs from or path" for n, c in self.columns.items() if not c.from_ and not c.path]
        kind = self.columns.get(self.delivery.partition)
        faults += delivery_faults(self.delivery, kind.type if kind else "", is_dated=self.snapshot_at is not None)
        faults += [f"format {self.format!r} needs {key}" for key, is_lacking in self._lacking().items() if is_lacking]
        faults += [
            f"column {name!r} has paths, and {text!r} leads out of the record, which tables have no place for"
            for name, column in self.columns.items()
            for text in column.path
            if self.is_table and (parse_path(text).up or parse_path(text).is_number or not column.from_)
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _lacking(self) -> dict[str, bool]:
        return {
            "regex.pattern with named groups": self.format == "regex" and "(?P<" not in self.regex.pattern,
            "sqlite.table": self.format == "sqlite" and not self.sqlite.table,
        }

    @property
    def is_table(self) -> bool:
        """Whether the files are rows under headings, rather than nested records."""
        return self.format in ("csv", "regex", "xlsx", "html", "parquet", "sqlite")

    @property
    def gives_headings(self) -> bool:
        """Whether the spec itself says what the columns are, so that files cannot prove anything by theirs."""
        return self.format == "regex" or (self.format == "csv" and bool(self.csv.headings))

    def required_columns(self) -> list[str]:
        """Columns that a row cannot do without."""
        return [name for name, column in self.columns.items() if column.required or name in self.key]


class SourceSpec(Strict):
    """All of `spec.toml`."""

    spec_version: Literal[1] = 1
    """version of this format"""
    source: SourceSettings
    identifier: tuple[IdentifierKind, ...] = ()
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
    identifiers: tuple[IdentifierKind, ...] = ()
    sql: dict[str, str]
    """text of the SQL files by name; `events` is always there"""
    models: dict[str, str] = field(default_factory=dict)
    """text of `models/*.sql` by name: what several of the files above need, said once"""
    checks: dict[str, str] = field(default_factory=dict)
    """text of `checks/*.sql` by name; each returns the rows that are wrong"""

    @property
    def id(self) -> str:
        """Name of the source in every table."""
        return self.settings.id

    def spec_hash(self, stream: Stream) -> str:
        """Changes when anything changes that decides how files of `stream` are read."""
        # what stands at its default is left out, so that a key that specs gain reads no file again
        read = stream.model_dump_json(exclude={"decides_freshness", "also"}, exclude_defaults=True)
        parts = (_TYPING, read, self.settings.timezone, self.settings.locale, self.settings.default_country)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def staging_name(source: str, stream: str) -> str:
    """Name of the staging table that event SQL reads.

    >>> staging_name("bitrix24", "deals")
    'stg_bitrix24__deals'
    """
    return f"stg_{source}__{stream}"


def model_table(source: str, model: str) -> str:
    """Name under which the source's SQL reads one of its own models.

    >>> model_table("bitrix24", "untold_card")
    'int_bitrix24__untold_card'
    """
    return f"int_{source}__{model}"


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
    return Source(
        folder=folder,
        settings=spec.source,
        streams=spec.stream,
        identifiers=spec.identifier,
        sql=sql,
        models=_texts(folder / "models"),
        checks=_texts(folder / "checks"),
    )


def _texts(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.sql"))}


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
    _refuse_other_trust(sources)
    return sources


def _refuse_other_trust(sources: list[Source]) -> None:
    """Sources that bring the same kind of identifier must say the same of it."""
    said: dict[str, tuple[Source, IdentifierKind]] = {}
    for source in sources:
        for kind in source.identifiers:
            other, known = said.setdefault(kind.kind, (source, kind))
            if known != kind:
                raise SpecError(
                    f"{source.folder} and {other.folder} declare the identifier {kind.kind!r} differently.",
                    expected="the same strength, names_person and is_personal wherever a kind is declared.",
                    todo="Make one of the declarations as the other is.",
                )
