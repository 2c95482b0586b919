"""The text of a drafted spec.toml: every column with its type, and a TODO wherever the files did not decide.

In: a plan. Out: TOML. Nothing of the files stands in it but headings, formats, and labels that may be printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from journey_mining.sources.spec import ROW_KEY
from journey_mining.sources.workbench.column_guess import NULLS, ColumnGuess
from journey_mining.sources.workbench.naming import hints
from journey_mining.sources.workbench.plan import Plan, StreamPlan

_USUAL_NULLS = ("", "null", "NULL", "\\N", "0001-01-01")
_REFERRER = "referr?er|ref|источник перехода"
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def spec_text(plan: Plan) -> str:
    """All of spec.toml."""
    parts = [_head(plan)]
    parts += [_kind_text(kind) for kind in plan.own_kinds]
    parts += [_stream_text(stream) for stream in plan.streams]
    return "\n".join(parts)


def locale_of(headings: list[str]) -> str:
    """The locale that headings speak.

    >>> locale_of(["ID", "Дата создания"])
    'ru-RU'
    """
    return "ru-RU" if any(_CYRILLIC.search(heading) for heading in headings) else "en-US"


def url_columns(column: ColumnGuess) -> list[tuple[str, str]]:
    """Names and types of what is kept of a web address: its host and path, of a referrer the host.

    A query often holds e-mails and keys, so that the whole address is not what a draft keeps.
    """
    stem = re.sub(r"_?(?:url|href|link)$", "", column.name) or "page"
    if hints(_REFERRER, column.heading):
        return [(f"{stem}_host", "url_host")]
    return [(f"{stem}_host", "url_host"), (f"{stem}_path", "url_path")]


def _head(plan: Plan) -> str:
    columns = [column for stream in plan.streams for column in stream.guess.columns]
    locale = locale_of([column.heading for column in columns])
    is_local = any(c.time and c.type in ("date", "datetime") and not c.time.is_utc for c in columns)
    zone = f'timezone = "{plan.timezone or "UTC"}"'
    if is_local and not plan.timezone:
        zone += "   # TODO: in which zone does the system write its times? e.g. Europe/Moscow"
    country = "RU" if locale == "ru-RU" else "US"
    phones = any(column.type.startswith("phone") for column in columns)
    doubt = "   # TODO: country of phones written without +" if phones else ""
    return "\n".join(
        [
            f"# {plan.source}: drafted from files by `journey source new`. Each TODO is a question left open:",
            "# answer it by changing the line, and delete it. `journey source check` says what a change does.",
            "spec_version = 1",
            "",
            "[source]",
            f'id = "{plan.source}"',
            f'system = "{plan.source}"',
            f'role = "{plan.role}"',
            f'title_ru = "{plan.source}"   # TODO: what people call it, in both languages',
            f'title_en = "{plan.source}"',
            zone,
            f'locale = "{locale}"',
            f'default_country = "{country}"{doubt}',
            "",
        ]
    )


def _kind_text(kind: str) -> str:
    return "\n".join(
        [
            "[[identifier]]",
            f'kind = "{kind}"',
            'strength = "strong"      # TODO: strong if one number is one person; weak for cookies and devices. If',
            "                         # another system knows the number, use its kind in event_identifiers.sql",
            "names_person = true",
            "is_personal = true",
            "",
        ]
    )


def _stream_text(stream: StreamPlan) -> str:
    guess = stream.guess
    options = guess.options
    files = "one file" if len(guess.samples) == 1 else f"{len(guess.samples)} files"
    lines = [f"[[stream]]                   # {guess.row_count} rows of {files} were looked at"]
    lines += [f"# TODO {question}" for question in stream.questions]
    lines += [f'id = "{guess.id}"', f"files = {toml(list(guess.files))}"]
    lines += [f"{name} = {toml(value)}" for name, value in options.items()]
    if not stream.event_kind:
        lines.append("decides_freshness = false    # only looked up")
    lines.append('delivery = { mode = "upsert" }   # TODO: snapshot (complete = true) if each file holds every record')
    if guess.dated:
        pattern, form = guess.dated
        lines.append(f"snapshot_at = {{ filename_re = '{pattern}', format = {toml(form)} }}")
    lines.append(f"key = {toml(list(guess.key))}")
    if guess.version:
        lines.append(f"version = {toml(list(guess.version))}")
    nulls = _other_nulls(guess.columns)
    if nulls:
        lines.append(f"null_values = {toml([*_USUAL_NULLS, *nulls])}")
    lines += ["", "[stream.columns]"]
    for column in guess.columns:
        lines += _column_lines(column, is_needed=column.name in guess.key or column is guess.time)
    return "\n".join(lines) + "\n"


def _other_nulls(columns: Sequence[ColumnGuess]) -> list[str]:
    """Words for nothing that stand in columns of numbers, times and addresses, beside the usual ones."""
    typed = [column for column in columns if column.type not in ("text", "label")]
    found = {value.strip() for column in typed for value in column.field.values if value}
    return sorted((found & NULLS) - set(_USUAL_NULLS))


def _column_lines(column: ColumnGuess, *, is_needed: bool) -> list[str]:
    named = url_columns(column) if column.type == "url" else [(column.name, column.type)]
    notes = [f"TODO: {question}" for question in column.questions if not question.startswith("always empty")]
    notes += ["empty in these files"] if not column.filled_count else []
    notes += [f"seen: {', '.join(column.labels)}"] if column.labels else []
    comment = f"   # {'; '.join(notes)}" if notes else ""
    return [f"{name} = {toml(_described(column, kind, is_needed=is_needed))}{comment}" for name, kind in named]


def _described(column: ColumnGuess, kind: str, *, is_needed: bool) -> dict[str, Any]:
    place = {"path": column.heading} if column.field.is_path else {"from": [column.heading]}
    described: dict[str, Any] = dict(place)
    if kind != "text":
        described["type"] = kind
    if column.time and column.time.formats:
        described["formats"] = list(column.time.formats)
    if column.is_free_text and kind == "text":
        is_html = any(value and re.search(r"</\w+>|<br", value) for value in column.field.values[:500])
        described |= {"clean": "html"} if is_html else {}
    if is_needed and (column.is_full or column.time is None):
        described["required"] = True
    return described


def toml(value: Any) -> str:
    r"""A value as TOML writes it.

    >>> toml({"from": ["ID"], "required": True}), toml(r"\d")
    ('{ from = ["ID"], required = true }', "'\\d'")
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {toml(item)}' for name, item in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(item) for item in value)}]"
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    # TOML knows every escape that JSON writes
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_text(stream: StreamPlan) -> str:
    """SQL of the natural key of a row; what may be personal in it is hidden, because natural keys are published."""
    guess = stream.guess
    parts = []
    for name in guess.key:
        kind = "" if name == ROW_KEY else guess.named(name).type
        plain = name if kind in ("", "id", "text", "label") else f"cast({name} as varchar)"
        parts.append(f"md5({name})" if kind in ("email", "phone", "text") else plain)
    return f"concat('{guess.id}:', {', '.join(_joined(parts))})"


def _joined(parts: list[str]) -> list[str]:
    return [piece for part in parts for piece in ("':'", part)][1:]
