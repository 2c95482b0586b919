"""A tiny project and literal events, from which the whole layer is built."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from journey_mining.journeys import build_journeys
from journey_mining.project import Knowledge, Project, Segments, Settings, StageMap
from journey_mining.report import StepReport
from journey_mining.warehouse import DuckDBWarehouse

DAY_0 = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
TEXT_COLUMNS = (
    *("event_id", "source", "stream", "event_kind", "activity_raw", "ts_quality", "order_key", "actor_type", "channel"),
    *("direction", "asked_stage", "pipeline", "customer_type", "url_path", "referrer_host", "utm_medium", "exclude"),
    "exclude_reason",
)
DEFAULTS = {
    "source": "web",
    "stream": "s",
    "event_kind": "visit",
    "actor_type": "customer",
    "channel": "web",
    "order_key": "",
    "ts_quality": "exact",
}
_STANDING = ("event_id", "kind", "value")
MINUTE = 1 / 1440
Row = dict[str, Any]


def day(number: float) -> datetime:
    """Days since the first of January, to the millisecond."""
    return DAY_0 + timedelta(milliseconds=round(number * 86_400_000))


def walk(text: str, *, who: str = "p", **shared: Any) -> list[Row]:
    """Events of one person from "activity@day" words; the ids of person p are e0, e1 and so on, of q q0, q1."""
    words = (word.split("@") for word in text.split())
    prefix = "e" if who == "p" else who
    return [
        {"id": f"{prefix}{n}", "act": act, "day": float(when), "who": who, **shared}
        for n, (act, when) in enumerate(words)
    ]


def project(
    *,
    rules: Sequence[Row] = (),
    segments: Row | None = None,
    silence: dict[str, str] | None = None,
    **journeys: Any,
) -> Project:
    """Stages a to d, silent after 30 days; activity a shows stage a and so on, won and lost end, n is neutral."""
    own = silence or {}
    stages = [{"id": s, "ru": f"Этап {s.upper()}", "en": f"Stage {s}", "silence": own.get(s, "30d")} for s in "abcd"]
    shown = [
        {"id": s, "priority": 100 + n, "stage": s, "touchpoint": f"page_{s}", "when": {"activity_re": f"^{s}$"}}
        for n, s in enumerate("abcd")
    ]
    ends = [
        {"id": s, "priority": 110 + n, "outcome": s, "when": {"activity_re": f"^{s}$"}}
        for n, s in enumerate(("won", "lost"))
    ]
    neutral = {"id": "n", "priority": 120, "when": {"activity_re": "^n$"}}
    touchpoints = [{"id": f"page_{s}", "ru": s, "en": s} for s in "abcd"]
    return Project(
        root=Path("demo"),
        settings=Settings.model_validate({"journeys": journeys}),
        stages=StageMap.model_validate(
            {"id": "tiny", "stage": stages, "touchpoint": touchpoints, "rule": [*shown, *ends, neutral, *rules]}
        ),
        segments=Segments.model_validate(segments or {}),
        knowledge=Knowledge(),
    )


def write_events(warehouse: DuckDBWarehouse, rows: Sequence[Row]) -> None:
    """Write `event` and its companions; a row needs `id`, `day`, `act`, and `who` where it is not person p."""
    full = [{**DEFAULTS, "event_id": row["id"], "activity_raw": row["act"], **row} for row in rows]
    columns = {name: pa.array([row.get(name) for row in full], type=pa.string()) for name in TEXT_COLUMNS}
    columns["occurred_at"] = pa.array([day(row["day"]) for row in full], type=pa.timestamp("us"))
    columns["score_norm"] = pa.array([row.get("score_norm") for row in full], type=pa.float64())
    warehouse.write("event", pa.table(columns))
    _write(warehouse, "event_person", "event_id person_id", [(row["id"], row.get("who", "p")) for row in rows])
    deals = [(row["id"], "deal", row["deal"]) for row in rows if "deal" in row]
    _write(warehouse, "event_object", "event_id object_type object_id", deals)
    _write(warehouse, "event_text", "event_id text", [(row["id"], row["text"]) for row in rows if "text" in row])
    _write_addresses(warehouse, rows)


def _write_addresses(warehouse: DuckDBWarehouse, rows: Sequence[Row]) -> None:
    """E-mails of events: `mail` is the customer's and known to be theirs, `own_mail` is one of the company."""
    mails = [(row["id"], "email", row["mail"], row.get("who", "p")) for row in rows if "mail" in row]
    own = [(row["id"], "email", row["own_mail"]) for row in rows if "own_mail" in row]
    stood = [*[mail[:3] for mail in mails], *own]
    columns = {name: pa.array([row[i] for row in stood], pa.string()) for i, name in enumerate(_STANDING)}
    columns["is_internal"] = pa.array([False] * len(mails) + [True] * len(own), pa.bool_())
    warehouse.write("event_identifier", pa.table(columns))
    known = dict.fromkeys((who, kind, value) for _, kind, value, who in mails)
    _write(warehouse, "person_identifier", "person_id kind value", list(known))


def _write(warehouse: DuckDBWarehouse, table: str, names: str, rows: Sequence[tuple[str, ...]]) -> None:
    columns = {name: pa.array([row[i] for row in rows], type=pa.string()) for i, name in enumerate(names.split())}
    warehouse.write(table, pa.table(columns))


def write_status(warehouse: DuckDBWarehouse, *sources: tuple[str, bool, float | None, float | None]) -> None:
    """Write `source_status`: source, is_decisive, day of its first event, day up to which it is fresh."""
    stamp = pa.timestamp("us")
    times = [[None if s[i] is None else day(s[i]) for s in sources] for i in (2, 3)]
    table = {
        "source": pa.array([s[0] for s in sources]),
        "is_decisive": pa.array([s[1] for s in sources]),
        "first_event_at": pa.array(times[0], type=stamp),
        "fresh_until": pa.array(times[1], type=stamp),
    }
    warehouse.write("source_status", pa.table(table))


def build_tiny(
    warehouse: DuckDBWarehouse, rows: Sequence[Row], *, until: float = 50, since: float = -100, **settings: Any
) -> StepReport:
    """Build journeys from `rows`, observed from day `since` to day `until`; the rest goes to `project`."""
    write_events(warehouse, rows)
    write_status(warehouse, ("web", True, since, until))
    return build_journeys(warehouse, project(**settings))
