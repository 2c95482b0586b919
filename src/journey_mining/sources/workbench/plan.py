"""What a draft says of a source as a whole: which kind of event a row is, who is named, which streams belong together.

In: streams as guessed, and the role that the user gave. Out: a `Plan`, from which the files of the draft are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journey_mining.sources.headings import fold
from journey_mining.sources.spec import ROW_KEY
from journey_mining.sources.workbench.column_guess import ColumnGuess
from journey_mining.sources.workbench.naming import hints, hints_whole
from journey_mining.sources.workbench.stream_guess import StreamGuess

_ANY_ROLE = (("review|otzyv|отзыв", "review"), ("nps", "nps"), ("csat", "csat"), ("call|zvonok|zvonki|звон", "call"))
_KINDS = {
    "crm": (
        ("lead|lid|лид|mql", "lead_created"),
        ("contact|client|customer|klient|kontakt|клиент|контакт|user|people", "contact_created"),
        ("invoice|payment|schet|oplat|счет|оплат", "invoice_paid"),
        ("meeting|vstrech|встреч", "meeting"),
        ("order|zakaz|заказ|purchase", "order_created"),
        ("history|stage|stadi|istori", "deal_stage_changed"),
        ("", "deal_created"),
    ),
    "web": (
        ("order|purchase|zakaz|transaction", "order_created"),
        ("form|lead|zayavk", "form_submitted"),
        ("user|customer|signup|registr", "signup"),
        ("goal|cel|conversion", "goal"),
        ("", "pageview"),
    ),
    "support": (
        ("comment|repl|message|answer|soobsch|kommentar|otvet", "ticket_reply"),
        ("chat|dialog", "chat_message"),
        ("mail|pisma|pismo", "email_in"),
        ("csat|rating|otsenk|satisf", "csat"),
        ("", "ticket_created"),
    ),
    "feedback": (
        ("nps", "nps"),
        ("ces", "ces"),
        ("csat|rating|otsenk|survey|answer|opros|anket", "csat"),
        ("", "review"),
    ),
    "other": (("", "task_done"),),
}
_OF_ROLE = {
    "crm": "deal|opportunit|sdelk|сделк", "web": "visit|hit|page|log|event|session|view|vizit|posesch",
    "support": "ticket|case|issue|request|zayav|obrasch|remont|repair|incident|тикет|заявк|обращ",
    "feedback": "", "other": "",
}  # fmt: skip
"""words of streams that the last kind of a role fits for sure"""
_CHANNEL_OF = {
    "review": "survey", "nps": "survey", "csat": "survey", "ces": "survey", "call": "phone", "email_in": "email",
    "chat_message": "chat",
}  # fmt: skip
_CHANNELS = {"crm": "crm", "web": "web", "support": "portal", "feedback": "survey", "other": "crm"}
_ACTORS = {"crm": "system", "other": "system"}
_DONE = "closed|solved|resolved|won|закрыт|решен|выдан|готов|заверш|vydan"
_PEOPLE = "user|contact|customer|client|member|person|people|klient|kontakt|pokupatel|requester|subscriber|account"
_CUSTOMER = "customer|client|клиент|заказчик|покупатель|абонент|contact|контакт|user|visitor|ip"
_ACTIVITY = "concept name|вид|kind|operation|event|action|activity|event name|event type|событи|действи|операци"
_FEWEST_LINKED = 3
_LINKED_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A column that holds keys of another stream, whose rows name people."""

    stream: str
    column: str
    other: str
    other_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlan:
    """What a row of a stream tells."""

    guess: StreamGuess
    event_kind: str
    """'' where the stream gives no events"""
    activity: ColumnGuess | None
    """column that says what happened"""
    channel: str
    actor_type: str
    identifiers: tuple[tuple[str, str], ...]
    """kind of identifier, and column"""
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A source, planned."""

    source: str
    role: str
    streams: tuple[StreamPlan, ...]
    links: tuple[Link, ...]
    own_kinds: tuple[str, ...]
    """kinds of identifier that only this source brings"""
    timezone: str = ""
    """zone of times that carry none; '' where nobody said it"""


def plan_of(source: str, role: str, guesses: Sequence[StreamGuess], *, timezone: str = "") -> Plan:
    """Decide what can be decided; the rest becomes questions of the streams."""
    links = tuple(_links(guesses))
    people = {guess.id for guess in guesses if _is_people(guess)}
    streams = tuple(
        _stream_plan(source, role, guess, people=people, links=links, is_alone=len(guesses) == 1) for guess in guesses
    )
    kinds = {kind for stream in streams for kind, _ in stream.identifiers if kind.startswith(f"{source}_")}
    own = tuple(sorted(kinds))
    return Plan(source=source, role=role, streams=streams, links=links, own_kinds=own, timezone=timezone)


def _stream_plan(
    source: str, role: str, guess: StreamGuess, *, people: set[str], links: tuple[Link, ...], is_alone: bool
) -> StreamPlan:
    kind = next(kind for words, kind in (*_ANY_ROLE, *_KINDS[role]) if not words or hints(words, guess.id))
    named = tuple((_kind(source, guess, kind, column, links), column) for kind, column in guess.identifiers)
    is_named = bool(named) or any(link.stream == guess.id for link in links)
    is_strange = not is_alone and not is_named and kind == _KINDS[role][-1][1] and not hints(_OF_ROLE[role], guess.id)
    is_person = guess.id in people and kind not in ("contact_created", "signup")
    is_lookup = guess.time is None or is_person or is_strange
    activity = next((c for c in guess.columns if hints(_ACTIVITY, c.heading) and _is_label(c)), None)
    questions = list(guess.questions)
    if is_strange and guess.time is not None:
        questions.append(
            "event: its rows name nobody and are taken for a list; if they are events, tell them in events.sql"
        )
    if not is_lookup:
        questions.append(f"event: each row is taken for {kind}; other kinds stand in docs/adding-a-source.md")
        questions += [f"event: rows with another {activity.name} may be other events"] if activity else []
        questions += [f"event: {c.name} may be an event of its own (done, closed)" for c in _done(guess)]
    if guess.id in people and len(guess.key) == 1 and guess.key[0] != ROW_KEY and guess.named(guess.key[0]).is_id:
        named += ((f"{source}_{_singular(guess.id)}", guess.key[0]),)
    if not is_named and not is_lookup:
        maybe = ", ".join(c.name for c in guess.columns if hints_whole(_CUSTOMER, c.heading) and c.filled_count)
        hint = f"; {maybe} may, if each value is one customer" if maybe else ""
        questions.append(f"people: no column names anybody, so that these events belong to no journey{hint}")
    return StreamPlan(
        guess=guess,
        event_kind="" if is_lookup else kind,
        activity=activity,
        channel=_CHANNEL_OF.get(kind, _CHANNELS[role]),
        actor_type="customer" if kind in _CHANNEL_OF else _ACTORS.get(role, "customer"),
        identifiers=tuple(dict.fromkeys(named)),
        questions=tuple(questions),
    )


def _kind(source: str, guess: StreamGuess, kind: str, column: str, links: tuple[Link, ...]) -> str:
    """The name of a kind; ids of people are of the kind of the stream that lists these people."""
    if not kind.startswith("of:"):
        return kind
    link = next((link for link in links if (link.stream, link.column) == (guess.id, column)), None)
    words = link.other if link and hints(_PEOPLE, link.other) else column.removesuffix("_id").removesuffix("_ids")
    return f"{source}_{_singular(words)}"[:60]


def _links(guesses: Sequence[StreamGuess]) -> list[Link]:
    found = []
    for other in guesses:
        if len(other.key) != 1 or other.key[0] == ROW_KEY or not other.identifiers:
            continue
        keys = {value for value in other.named(other.key[0]).field.values if value}
        for guess in guesses:
            if guess.id == other.id:
                continue
            found += [
                Link(stream=guess.id, column=column.name, other=other.id, other_key=other.key[0])
                for column in guess.columns
                if column.is_id and _refers(column, keys, other)
            ]
    return found


def _refers(column: ColumnGuess, keys: set[str], other: StreamGuess) -> bool:
    """Whether the column holds keys of the other stream: its heading must speak of people, since numbers coincide."""
    key = other.named(other.key[0])
    is_same = fold(column.heading) == fold(key.heading) and fold(key.heading) not in ("id", "$.id")
    is_named = (
        is_same or hints(_singular(other.id), column.heading) or (_is_people(other) and hints(_PEOPLE, column.heading))
    )
    values = {value for value in column.field.values if value}
    if not is_named or not values:
        return False
    shared = len(values & keys)
    return shared >= _LINKED_SHARE * len(values) and shared >= min(_FEWEST_LINKED, len(values))


def _is_people(guess: StreamGuess) -> bool:
    return hints(_PEOPLE, guess.id) and any(kind in ("email", "phone") for kind, _ in guess.identifiers)


def _is_label(column: ColumnGuess) -> bool:
    return column.type in ("text", "id") and column.time is None and 0 < column.distinct_count <= 200  # noqa: PLR2004


def _done(guess: StreamGuess) -> list[ColumnGuess]:
    return [c for c in guess.columns if c.time is not None and c is not guess.time and hints(_DONE, c.heading)]


def _singular(words: str) -> str:
    if words.endswith("ies"):
        return words[:-3] + "y"
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words
