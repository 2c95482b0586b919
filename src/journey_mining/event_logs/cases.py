"""The journeys of a project as cases with their events, a page at a time.

In: the published warehouse. Out: `LogCase` values in the order of their ids, `LogObject` values by type and id. Only
journeys of `segment_member` are read: segments under k customers are not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from journey_mining.errors import NotFoundError, did_you_mean
from journey_mining.vocabulary import ALL_SEGMENTS
from journey_mining.warehouse import DuckDBWarehouse

PAGE = 2_000
"""journeys that are held in memory at once"""
_OBJECT_PAGE = 20_000
_CHOSEN = "select journey_id, segment from segment_member where segment = ? or ? = 'all'"
_STEPS = """
select step.journey_id, step.event_id, coalesce(nullif(step.touchpoint, ''), 'other'), step.occurred_at, step.stage,
    step.channel, step.event_kind, happened.actor_type, happened.source
from journey_step as step
inner join event as happened on step.event_id = happened.event_id
inner join ({chosen}) as chosen on step.journey_id = chosen.journey_id
where step.journey_id between ? and ? order by step.journey_id, step.step_no
"""
_STAYS = """
select stay.journey_id, concat(stay.journey_id, ':', stay.episode_no), stay.stage, stay.entered_at, stay.stage,
    cast(null as varchar), 'stage_entered', cast(null as varchar), cast(null as varchar)
from stage_episode as stay
inner join ({chosen}) as chosen on stay.journey_id = chosen.journey_id
where stay.journey_id between ? and ? order by stay.journey_id, stay.episode_no
"""


class LogLevel(StrEnum):
    """What an event of a log is."""

    TOUCHPOINT = "touchpoint"
    """each step of a journey"""
    STAGE = "stage"
    """each entry into a stage"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLink:
    """What an event is about beside its journey and person."""

    object_type: str
    object_id: str
    qualifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """One event of a log."""

    event_id: str
    activity: str
    occurred_at: datetime
    """UTC without zone"""
    stage: str | None
    channel: str | None
    event_kind: str
    actor_type: str | None
    source: str | None
    links: tuple[LogLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCase:
    """One journey and its events in their order."""

    journey_id: str
    person_id: str
    segment: str
    ending: str
    furthest_stage: str | None
    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSource:
    """Which journeys of which warehouse a log is made of."""

    warehouse: DuckDBWarehouse
    segment: str
    level: LogLevel

    def refuse_unknown_segment(self) -> None:
        """A segment that is not there, or too small, has no log.

        Raises:
            NotFoundError: it has no log.
        """
        known = [
            str(name) for (name,) in self.warehouse.execute("select distinct segment from segment_member order by 1")
        ]
        if self.segment not in (ALL_SEGMENTS, *known):
            raise NotFoundError(
                f"There is no log of segment {self.segment!r}.{did_you_mean(self.segment, [ALL_SEGMENTS, *known])}",
                expected=f"one of {', '.join([ALL_SEGMENTS, *known])}; segments with too few customers "
                "(scores.small_cell) are published nowhere.",
                todo="Correct --segment.",
            )

    def cases(self, *, links: bool = False) -> Iterator[LogCase]:
        """The journeys by id; with `links` their events carry what they are about."""
        for heads in self._heads():
            first, last = str(heads[0][0]), str(heads[-1][0])
            events = self._events(first, last, links=links)
            for journey_id, person_id, segment, ending, furthest in heads:
                yield LogCase(
                    journey_id=journey_id,
                    person_id=person_id,
                    segment=segment,
                    ending=ending,
                    furthest_stage=furthest,
                    events=tuple(events[journey_id]),
                )

    def activities(self) -> list[str]:
        """Every activity of the log, sorted."""
        column = "stage" if self.level is LogLevel.STAGE else "coalesce(nullif(touchpoint, ''), 'other')"
        rows = self.warehouse.execute(
            f"select distinct {column} from {self._table} as part inner join ({_CHOSEN}) as chosen "
            "on part.journey_id = chosen.journey_id order by 1",
            self._chosen,
        )
        return [str(name) for (name,) in rows]

    def persons(self) -> Iterator[str]:
        """Ids of the persons of the log, sorted."""
        sql = (
            f"select distinct person_id from journey inner join ({_CHOSEN}) as chosen "
            "on journey.journey_id = chosen.journey_id where person_id > ? order by 1 limit ?"
        )
        last = ""
        while rows := self.warehouse.execute(sql, [*self._chosen, last, _OBJECT_PAGE]):
            last = str(rows[-1][0])
            yield from (str(row[0]) for row in rows)

    def object_types(self) -> list[str]:
        """Types of the things that events are about, sorted."""
        if self.level is LogLevel.STAGE:
            return []
        rows = self.warehouse.execute(f"select distinct object_type from ({_links_sql()}) order by 1", self._chosen)
        return [str(name) for (name,) in rows]

    def objects(self, object_type: str) -> Iterator[str]:
        """Ids of the things of one type, sorted."""
        sql = (
            f"select distinct object_id from ({_links_sql()}) "
            "where object_type = ? and object_id > ? order by 1 limit ?"
        )
        last = ""
        while rows := self.warehouse.execute(sql, [*self._chosen, object_type, last, _OBJECT_PAGE]):
            last = str(rows[-1][0])
            yield from (str(row[0]) for row in rows)

    @property
    def _chosen(self) -> list[str]:
        return [self.segment, self.segment]

    @property
    def _table(self) -> str:
        return "stage_episode" if self.level is LogLevel.STAGE else "journey_step"

    def _heads(self) -> Iterator[list[tuple[str, str, str, str, str | None]]]:
        sql = (
            "select journey.journey_id, journey.person_id, chosen.segment, journey.ending, journey.furthest_stage "
            f"from journey inner join ({_CHOSEN}) as chosen on journey.journey_id = chosen.journey_id "
            "where journey.journey_id > ? order by journey.journey_id limit ?"
        )
        last = ""
        while rows := self.warehouse.execute(sql, [*self._chosen, last, PAGE]):
            last = str(rows[-1][0])
            yield rows

    def _events(self, first: str, last: str, *, links: bool) -> dict[str, list[LogEvent]]:
        sql = (_STAYS if self.level is LogLevel.STAGE else _STEPS).format(chosen=_CHOSEN)
        about = self._links(first, last) if links and self.level is LogLevel.TOUCHPOINT else {}
        found: dict[str, list[LogEvent]] = defaultdict(list)
        for journey_id, event_id, activity, at, stage, channel, kind, actor, source in self.warehouse.execute(
            sql, [*self._chosen, first, last]
        ):
            event = LogEvent(
                event_id=event_id,
                activity=activity,
                occurred_at=at,
                stage=stage,
                channel=channel,
                event_kind=kind,
                actor_type=actor,
                source=source,
                links=tuple(about.get(event_id, ())),
            )
            found[journey_id].append(event)
        return found

    def _links(self, first: str, last: str) -> dict[str, list[LogLink]]:
        sql = (
            f"select event_id, object_type, object_id, qualifier from ({_links_sql()}) "
            "where journey_id between ? and ? order by event_id, object_type, object_id, qualifier"
        )
        found: dict[str, list[LogLink]] = defaultdict(list)
        for event_id, kind, object_id, qualifier in self.warehouse.execute(sql, [*self._chosen, first, last]):
            found[event_id].append(LogLink(object_type=kind, object_id=object_id, qualifier=qualifier))
        return found


def _links_sql() -> str:
    return (
        "select step.journey_id, step.event_id, thing.object_type, thing.object_id, "
        "coalesce(thing.qualifier, '') as qualifier from journey_step as step "
        "inner join event_object as thing on step.event_id = thing.event_id "
        f"inner join ({_CHOSEN}) as chosen on step.journey_id = chosen.journey_id"
    )
