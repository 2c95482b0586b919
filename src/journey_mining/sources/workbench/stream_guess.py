"""Streams of an unknown source: files with the same headings together; what names a record, when it was, who it is.

In: samples of files. Out: `StreamGuess` values that a draft is written from. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from journey_mining.sources.headings import fold
from journey_mining.sources.spec import ROW_KEY
from journey_mining.sources.workbench.column_guess import MONEY_WORDS, ColumnGuess, column_guess
from journey_mining.sources.workbench.naming import column_name, dated_format, glob_of, hints, hints_whole, stream_name
from journey_mining.sources.workbench.sampling import Field, Sample

_LOADED = "synced|loaded|ingested|extracted|fivetran|airbyte|etl|dwh|exported|выгруж"
"""times of the export itself, at which nothing happened"""
_CHANGED = "updated|modified|changed|last change|edited|generated|synced|измен|обновл|редакт|version|верси"
_BEGUN = (
    "created|create|opened|open|started|start|registered|timestamp|occurred|event time|создан|открыт|"
    "принят|заведен|регистрац|отметка времени|поступ|date time|datetime"
)
_OTHER_TIMES = (
    "due|deadline|planned|plan|expected|birth|closed|solved|resolved|close|end|finish|срок|план|рожден|"
    "закрыт|заверш|выдан|ready|готов|answer"
)
_OWN_ID = "id|uuid|guid|номер|no|number|num|код|№|key"
_PERSON_ID = (
    "customer|client|user|contact|person|requester|member|buyer|visitor|subscriber|account|клиент|"
    "контакт|покупат|заказчик|пользоват|абонент"
)
_NO_PERSON = "zip|postal|prefix|type|group|status|city|region|state|country|age|rating|segment|agent|тип|индекс|город"
_COOKIES = {
    "ym_client": "_?ym ?uid|ym client|ym pv client|ym s client|metrica|metrika|яндекс ?метрик",
    "ga_client": "_?ga|ga client|google client|user pseudo id",
    "matomo_visitor": "visitor id|id ?visitor|pk id|matomo|_?pk id",
    "domain_userid": "domain user ?id",
}
_COLUMNS_IN_KEY = 8
"""columns that a key of two is looked for among"""
_FEW = 20
"""rows; a smaller file proves nothing about what is unique"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGuess:
    """One kind of file."""

    id: str
    samples: tuple[Sample, ...]
    files: tuple[str, ...]
    columns: tuple[ColumnGuess, ...]
    key: tuple[str, ...]
    version: tuple[str, ...]
    time: ColumnGuess | None
    """when what a row tells of happened"""
    identifiers: tuple[tuple[str, str], ...]
    """kind of identifier and column"""
    dated: tuple[str, str] | None
    """regular expression and format of the date in the names of the files"""
    questions: tuple[str, ...]

    @property
    def options(self) -> dict[str, Any]:
        """What the stream says of how files are written; of JSON, all places in which its files hold records."""
        options = dict(self.samples[0].options)
        places = [path for sample in self.samples for path in sample.options.get("json", {}).get("records", ())]
        return options | ({"json": {"records": list(dict.fromkeys(places))}} if places else {})

    @property
    def row_count(self) -> int:
        """Rows looked at."""
        return sum(sample.row_count for sample in self.samples)

    def named(self, name: str) -> ColumnGuess:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)


def stream_guesses(samples: Sequence[tuple[str, Sample]], *, source: str, locale: str) -> list[StreamGuess]:
    """A stream for each kind of file; `samples` are paths as they will lie in the inbox, and what was seen there."""
    groups: dict[tuple[object, ...], list[tuple[str, Sample]]] = {}
    for path, sample in samples:
        shape = (sample.format, str(sample.options.get("csv")), frozenset(fold(f.heading) for f in sample.fields))
        known = next((key for key in groups if _is_alike(key, shape)), shape)
        groups.setdefault(known, []).append((path, sample))
    guesses: list[StreamGuess] = []
    for members in groups.values():
        taken = {guess.id for guess in guesses}
        guesses.append(_stream(members, taken, source=source, locale=locale))
    # the first stream whose glob matches takes a file, so that the narrower globs go first
    narrow = sorted(guesses, key=lambda guess: -max(len(glob.replace("*", "")) for glob in guess.files))
    return [_told_apart(guess, guesses) for guess in narrow]


def _told_apart(guess: StreamGuess, guesses: list[StreamGuess]) -> StreamGuess:
    """The stream with a question where another one of a different shape claims the same names of files."""
    rivals = [other.id for other in guesses if other is not guess and set(other.files) & set(guess.files)]
    if not rivals:
        return guess
    question = f"files: {', '.join(rivals)} has other headings and the same names of files; name them apart"
    return replace(guess, questions=(*guess.questions, question))


def _is_alike(known: tuple[object, ...], shape: tuple[object, ...]) -> bool:
    """The same format and headings, or nearly: optional keys of JSON come and go."""
    ours, theirs = known[-1], shape[-1]
    if known[0] != shape[0] or not isinstance(ours, frozenset) or not isinstance(theirs, frozenset):
        return False
    is_nested = known[0] in ("json", "ndjson")
    return ours == theirs or (is_nested and 2 * len(ours & theirs) > len(ours | theirs))


def _stream(members: list[tuple[str, Sample]], taken: set[str], *, source: str, locale: str) -> StreamGuess:
    samples = tuple(sample for _, sample in members)
    columns = _columns(_joined(samples), locale)
    key, version, questions = _key(columns, samples)
    when, time_questions = _time(columns)
    name = stream_name(members[0][0], taken, source)
    dates = {dated_format(path) for path, _ in members}
    return StreamGuess(
        id=name,
        samples=samples,
        files=tuple(dict.fromkeys(glob_of(path) for path, _ in members)),
        columns=columns,
        key=key,
        version=version,
        time=when,
        identifiers=_identifiers(columns, key),
        dated=next(iter(dates)) if len(dates) == 1 else None,
        questions=(*questions, *time_questions, *_sample_questions(samples)),
    )


def _joined(samples: tuple[Sample, ...]) -> list[Field]:
    """The fields of all files of one kind, one below the other."""
    places: dict[str, Field] = {}
    for sample in samples:
        for found in sample.fields:
            places.setdefault(fold(found.heading), replace(found, values=()))
    for sample in samples:
        by_name = {fold(found.heading): found for found in sample.fields}
        for name, place in places.items():
            more = by_name[name].values if name in by_name else (None,) * sample.row_count
            is_list = place.is_list or (name in by_name and by_name[name].is_list)
            places[name] = replace(place, values=place.values + more, is_list=is_list)
    return list(places.values())


def _columns(fields: list[Field], locale: str) -> tuple[ColumnGuess, ...]:
    taken: set[str] = set()
    columns = []
    for place in fields:
        plain = place.heading.removeprefix("$").replace("[*]", "") if place.is_path else place.heading
        name = column_name(plain, taken)
        taken.add(name)
        columns.append(column_guess(name, place, locale=locale))
    return tuple(columns)


def _key(
    columns: tuple[ColumnGuess, ...], samples: tuple[Sample, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Key, version, and what must be asked about them."""
    rows = sum(sample.row_count for sample in samples)
    changed = [c for c in columns if c.time and hints(_CHANGED, c.heading)]
    version = tuple(c.name for c in changed[:1])
    own = [c for c in columns if c.is_id and c.is_full and hints_whole(_OWN_ID, c.heading)]
    unique = [c for c in columns if _names_rows(c) and c.is_unique]
    best = sorted(unique, key=lambda c: (not c.is_id, not hints_whole(_OWN_ID, c.heading), columns.index(c)))
    if best and (best[0].is_id or rows >= _FEW):
        others = ", ".join(c.name for c in best[1:4])
        doubt = f"key: {best[0].name} is unique in {rows} rows" + (f", as {others}" if others else "")
        return (best[0].name,), version, (f"{doubt}. Does it name a record for ever?",) if others or rows < _FEW else ()
    first = own[0] if own else None
    if first is not None and version and 2 * first.distinct_count > first.filled_count:
        repeats = first.filled_count - first.distinct_count
        doubt = f"key: {first.name} repeats ({repeats} of {rows} rows), taken for newer versions by {version[0]}"
        return (
            (first.name,),
            version,
            (f"{doubt}. If the rows are a history, the key is {first.name} and {version[0]}.",),
        )
    pair = _pair(columns)
    if pair:
        return pair, version, (f"key: no single column is unique; {pair[0]} and {pair[1]} together are. Is it so?",)
    nothing = "key: nothing names a record but the whole row, so that a changed row is a new one"
    return (ROW_KEY,), (), (f"{nothing}. Is there an id to export?",)


def _names_rows(column: ColumnGuess) -> bool:
    """Whether a column may stand in a key: always there; an id "0" stands for nothing."""
    return column.is_full and column.type in ("id", "text", "int") and "0" not in column.field.values


def _pair(columns: tuple[ColumnGuess, ...]) -> tuple[str, ...]:
    """Two columns that are unique together: ids first, then times; nothing where texts would be needed."""
    full = [c for c in columns if (_names_rows(c) and c.is_id) or (c.is_full and (c.time or c.labels))]
    full = [c for c in full if c.distinct_count > 1 and not hints(_LOADED, c.heading)]
    ranked = sorted(full, key=lambda c: (not c.is_id, c.time is None, columns.index(c)))[:_COLUMNS_IN_KEY]
    for first, second in combinations(ranked, 2):
        if first.is_id and len(set(zip(first.field.values, second.field.values, strict=True))) == first.filled_count:
            return first.name, second.name
    return ()


def _time(columns: tuple[ColumnGuess, ...]) -> tuple[ColumnGuess | None, tuple[str, ...]]:
    """The time of the event, and the others that could be it."""
    dated = [c for c in columns if c.time is not None and 2 * c.filled_count > len(c.field.values)]
    times = [c for c in dated if not hints(_LOADED, c.heading)]
    ranked = sorted(times, key=lambda c: (*_time_rank(c), columns.index(c)))
    if not ranked:
        return None, ("time: no column holds times, so the rows are looked up and give no events. Is it so?",)
    others = [c.name for c in ranked[1:]]
    if not others:
        return ranked[0], ()
    return ranked[0], (
        f"time: {ranked[0].name} stands for the moment of the event; {', '.join(others)} may be events of their own.",
    )


def _time_rank(column: ColumnGuess) -> tuple[bool, bool, bool, bool]:
    heading = column.heading
    return (
        hints(_OTHER_TIMES, heading),
        hints(_CHANGED, heading),
        not hints(_BEGUN, heading),
        not column.is_full,
    )


def _identifiers(columns: tuple[ColumnGuess, ...], key: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = []
    for column in columns:
        kind = column.type.removesuffix("_list")
        if kind in ("email", "phone"):
            found.append((kind, column.name))
        elif column.type in ("id", "text") and (cookie := _cookie(column)):
            found.append((cookie, column.name))
        elif column.is_id and column.filled_count and (name := _person_kind(column, key)):
            found.append((name, column.name))
    return tuple(found)


def _cookie(column: ColumnGuess) -> str:
    kind = next((kind for kind, words in _COOKIES.items() if hints_whole(words, column.heading)), "")
    # many systems have visitors; those of Matomo are sixteen digits of base sixteen
    values = [value for value in column.field.values if value][:100]
    is_matomo = all(re.fullmatch(r"[0-9a-f]{16}", value) for value in values)
    return "" if kind == "matomo_visitor" and not is_matomo else kind


def _person_kind(column: ColumnGuess, key: tuple[str, ...]) -> str:
    """What kind of identifier an id of a person is; '' for ids of other things."""
    if not hints(_PERSON_ID, column.heading) or hints(f"{MONEY_WORDS}|{_NO_PERSON}", column.heading):
        return ""
    return "" if key == (column.name,) and column.heading.casefold() == "id" else f"of:{column.name}"


def _sample_questions(samples: tuple[Sample, ...]) -> tuple[str, ...]:
    questions: list[str] = []
    ragged = sum(sample.ragged_count for sample in samples)
    if ragged:
        questions.append(f"rows: {ragged} have another number of cells than the headings; a footer? see csv.footer")
    if any(sample.has_made_up_headings for sample in samples):
        questions.append("headings: the file has none; name its columns in csv.headings and in from")
    if any(sample.member_count > 1 for sample in samples):
        questions.append("archive: only its first file was looked at; the others must look the same")
    nested = Counter(path for sample in samples for path in sample.nested)
    questions += [f"nested: {path} holds records; a stream of its own? (also = true, json.records)" for path in nested]
    return tuple(questions)
