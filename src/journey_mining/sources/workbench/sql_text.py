"""The SQL of a draft: one event a row, whom it names, and what customers say in it.

In: a plan. Out: the text of events.sql, event_identifiers.sql and event_texts.sql. They run as they are; a TODO stands
where another answer may be right.
"""

from __future__ import annotations

from journey_mining.sources.spec import staging_name
from journey_mining.sources.workbench.column_guess import ColumnGuess
from journey_mining.sources.workbench.naming import hints
from journey_mining.sources.workbench.plan import Plan, StreamPlan
from journey_mining.sources.workbench.spec_text import key_text, url_columns

_CURRENCY = "currency|валют|valyut"
_PIPELINE = "pipeline|воронк|направлен"
_CUSTOMER_TYPE = "customer type|client type|тип клиента|сегмент|segment"
_SCORE = "score|rating|nps|csat|оценк|балл|насколько"
_OWN_WORDS = (
    "review|feedback|comment|complaint|question|message|problem|description|отзыв|коммент|жалоб|вопрос|"
    "сообщ|проблем|неисправ|описан|текст|text|body|subject|тема"
)
_INTERNAL = "internal|note|private|внутр|примечан|замет|resolution|решени"
_TYPES = {
    "direction": "varchar", "amount": "double", "currency": "varchar", "score_raw": "varchar", "score_norm": "double",
    "pipeline": "varchar", "customer_type": "varchar", "url_host": "varchar", "url_path": "varchar",
    "referrer_host": "varchar",
}  # fmt: skip
_SPOKEN = (
    "ticket_created",
    "ticket_reply",
    "form_submitted",
    "call",
    "chat_message",
    "email_in",
    "review",
    "csat",
    "nps",
    "ces",
)


def events_text(plan: Plan) -> str:
    """All of events.sql."""
    told = [stream for stream in plan.streams if stream.event_kind]
    if not told:
        return _no_events(plan)
    values = [_values(stream) for stream in told]
    used = [name for name in _TYPES if any(name in found for found in values)]
    selects = [_event(plan, stream, found, used) for stream, found in zip(told, values, strict=True)]
    tables = ", ".join(staging_name(plan.source, stream.guess.id) for stream in told)
    head = _header("events", "one row per record of the export", tables, "a draft: each row is one event")
    return head + "\nunion all\n".join(selects) + "\n"


def identifiers_text(plan: Plan) -> str:
    """All of event_identifiers.sql; '' where nobody is named."""
    selects: list[str] = []
    tables: set[str] = set()
    for stream in plan.streams:
        if not stream.event_kind:
            continue
        table = staging_name(plan.source, stream.guess.id)
        for kind, column in stream.identifiers:
            selects.append(_identifier(stream, kind, stream.guess.named(column), table))
            is_list = stream.guess.named(column).type.endswith("_list")
            tables.add(f"{table}__{column}" if is_list else table)
        for found, read in _linked(plan, stream):
            selects.append(found)
            tables |= read
    if not selects:
        return ""
    head = _header(
        "event_identifiers", "one row per event and identifier of its customer", ", ".join(sorted(tables)),
        "whoever shares an identifier is one person", key="stream, natural_key, kind, value",
    )  # fmt: skip
    return head + "\nunion all\n".join(selects) + "\n"


def texts_text(plan: Plan) -> str:
    """All of event_texts.sql; '' where no column seems to hold words of customers."""
    selects, tables = [], []
    for stream in plan.streams:
        spoken = own_words(stream)
        if not spoken:
            continue
        table = staging_name(plan.source, stream.guess.id)
        tables.append(table)
        listed = ", ".join(column.name for column in spoken)
        text = f"concat_ws(chr(10), {listed})" if len(spoken) > 1 else listed
        selects.append(
            f"select\n    '{stream.guess.id}' as stream,\n    {key_text(stream)} as natural_key,\n"
            "    -- TODO: words of customers only; take out what your own people write\n"
            f"    {text} as text\nfrom {table}\n"
            f"where {' or '.join(f'{column.name} is not null' for column in spoken)}"
        )
    if not selects:
        return ""
    grain, why = "one row per event in which somebody wrote something", "what customers say, in their own words"
    return _header("event_texts", grain, ", ".join(tables), why) + "\nunion all\n".join(selects) + "\n"


def own_words(stream: StreamPlan) -> list[ColumnGuess]:
    """Columns that seem to hold what customers wrote."""
    if stream.event_kind not in _SPOKEN:
        return []
    return [
        column
        for column in stream.guess.columns
        if column.is_free_text and hints(_OWN_WORDS, column.heading) and not hints(_INTERNAL, column.heading)
    ]


def _values(stream: StreamPlan) -> dict[str, str]:
    """What a row tells beside the needed columns: name of the column of `event`, and SQL."""
    columns = [column for column in stream.guess.columns if column.filled_count]
    found: dict[str, str] = {}
    if stream.actor_type == "customer" and stream.channel != "web":
        found["direction"] = "'in'"
    money = next((c for c in columns if c.is_money and c.type in ("decimal", "int")), None)
    if money:
        found["amount"] = f"cast({money.name} as double)"
        coin = next((c for c in columns if hints(_CURRENCY, c.heading) and c.type in ("currency", "text")), None)
        found |= {"currency": coin.name} if coin else {}
    for name, words in (("pipeline", _PIPELINE), ("customer_type", _CUSTOMER_TYPE)):
        labelled = next((c for c in columns if hints(words, c.heading) and c.type in ("text", "label")), None)
        found |= {name: labelled.name} if labelled else {}
    if stream.event_kind in ("nps", "csat", "ces", "review"):
        found |= _score(columns)
    return found | _addresses(columns)


def _score(columns: list[ColumnGuess]) -> dict[str, str]:
    column = next((c for c in columns if c.type == "int" and hints(_SCORE, c.heading) and not c.is_id), None)
    if column is None:
        return {}
    highest = max(int(v) for v in column.field.values if v and v.strip().lstrip("-").isdigit())
    top, low = (10, 0) if highest > 5 else (5, 1)  # noqa: PLR2004 - the two usual scales
    return {
        "score_raw": f"concat(cast({column.name} as varchar), '/{top}')",
        "score_norm": f"({column.name} - {low}) / {top - low}.0" if low else f"{column.name} / {top}.0",
    }


def _addresses(columns: list[ColumnGuess]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        if column.type != "url":
            continue
        kept = {kind: name for name, kind in url_columns(column)}
        if "url_path" in kept and "url_path" not in found:
            found |= {"url_host": kept["url_host"], "url_path": kept["url_path"]}
        elif "url_path" not in kept:
            found.setdefault("referrer_host", kept["url_host"])
    return found


def _event(plan: Plan, stream: StreamPlan, values: dict[str, str], used: list[str]) -> str:
    guess, when = stream.guess, stream.guess.time
    if when is None:
        return ""
    title = guess.id.replace("_", " ").capitalize()
    activity = f"coalesce({stream.activity.name}, '{title}')" if stream.activity else f"'{title}'"
    moment = f"cast({when.name} as timestamp)" if when.type == "date" else when.name
    quality = {"date": "date_only", "datetime": "exact" if plan.timezone else "assumed_tz"}.get(when.type, "exact")
    lines = [
        f"'{guess.id}' as stream,",
        f"{key_text(stream)} as natural_key,",
        f"'{stream.event_kind}' as event_kind,   -- TODO: is it that?",
        f"{activity} as activity_raw,",
        f"{moment} as occurred_at,",
        f"'{quality}' as ts_quality,",
        f"'{stream.actor_type}' as actor_type,",
        f"'{stream.channel}' as channel,",
        *(f"{values.get(name, f'cast(null as {_TYPES[name]})')} as {name}," for name in used),
        "_file_id as file_id,",
        "_line as line",
    ]
    body = "\n".join(f"    {line}" for line in lines)
    return f"select\n{body}\nfrom {staging_name(plan.source, guess.id)}\nwhere {when.name} is not null"


def _identifier(stream: StreamPlan, kind: str, column: ColumnGuess, table: str) -> str:
    value, source = column.name, table
    if column.type.endswith("_list"):
        value, source = "item", f"{table}__{column.name}"
    plain = value if column.type in ("id", "text", "email", "phone") or value == "item" else f"cast({value} as varchar)"
    return _named(stream, kind, plain, source, f"{value} is not null", needs=stream.guess.time, is_item=value == "item")


def _named(
    stream: StreamPlan, kind: str, value: str, source: str, where: str, *, needs: ColumnGuess | None, is_item: bool
) -> str:
    # items have the key of their row and nothing else of it; rows without a time give no event
    also = "" if is_item or needs is None or needs.is_full else f" and {needs.name} is not null"
    return (
        f"select\n    '{stream.guess.id}' as stream,\n    {key_text(stream)} as natural_key,\n    '{kind}' as kind,\n"
        f"    {value} as value\nfrom {source}\nwhere {where}{also}"
    )


def _linked(plan: Plan, stream: StreamPlan) -> list[tuple[str, set[str]]]:
    """Identifiers of the people whom a row points at."""
    found = []
    table = staging_name(plan.source, stream.guess.id)
    for link in plan.links:
        if link.stream != stream.guess.id:
            continue
        other = next(s for s in plan.streams if s.guess.id == link.other)
        there = staging_name(plan.source, link.other)
        for kind, column in other.identifiers:
            named = other.guess.named(column)
            is_told = (kind, link.column) in stream.identifiers and column == link.other_key
            if named.type.endswith("_list") or is_told:
                continue
            key = _prefixed(key_text(stream), stream)
            select = (
                f"select\n    '{stream.guess.id}' as stream,\n    {key} as natural_key,\n    '{kind}' as kind,\n"
                f"    person.{column} as value\nfrom {table} as told\n-- many to one\n"
                f"inner join {there} as person on told.{link.column} = person.{link.other_key}\n"
                f"where person.{column} is not null"
            )
            found.append((select, {table, there}))
    return found


def _prefixed(key: str, stream: StreamPlan) -> str:
    head, tail = key.split(", ", 1)
    for name in stream.guess.key:
        tail = tail.replace(name, f"told.{name}", 1)
    return f"{head}, {tail}"


def _no_events(plan: Plan) -> str:
    table = staging_name(plan.source, plan.streams[0].guess.id)
    nothing = ", ".join(
        f"cast(null as {'timestamp' if name == 'occurred_at' else 'varchar'}) as {name}"
        for name in ("natural_key", "event_kind", "activity_raw", "occurred_at", "actor_type", "channel")
    )
    head = _header("events", "nothing yet", table, "no column holds times")
    todo = "-- TODO: no column of the files holds times, so that nothing can be told yet"
    return f"{head}{todo}\nselect '{plan.streams[0].guess.id}' as stream, {nothing}\nfrom {table}\nwhere 1 = 0\n"


def _header(model: str, grain: str, reads: str, why: str, *, key: str = "stream, natural_key") -> str:
    return f"-- model: {model}\n-- layer: events\n-- grain: {grain}\n-- key: {key}\n-- reads: {reads}\n-- why: {why}\n"
