"""Why tonight's people differ from last night's: every group of persons gets exactly one cause.

Persons of both nights who share an event belong to one group. A group is, in this order: `restitching` where its events
were dealt to other persons; `late_data` where an event from before last night's cutoff came or went; `mix` where one
of its journeys changed its segment; else `behaviour` - what people did, and what passing time did to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from journey_mining.warehouse import Warehouse, model_named


class ChangeCause(StrEnum):
    """Why a number moved; in the order in which a group is claimed."""

    RESTITCHING = "restitching"
    LATE_DATA = "late_data"
    MIX = "mix"
    BEHAVIOUR = "behaviour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """The cause of every person of either night."""

    old: Mapping[str, ChangeCause]
    new: Mapping[str, ChangeCause]
    event_counts: Mapping[ChangeCause, int]
    """events that came or went late, and that people made since"""
    active_count: int = 0
    """people of tonight with events since last night's cutoff"""

    def of_old(self, person: str) -> ChangeCause:
        """Cause of a person of last night."""
        return self.old.get(person, ChangeCause.BEHAVIOUR)

    def people(self, cause: ChangeCause) -> int:
        """People of tonight whom a cause concerns."""
        if cause is ChangeCause.BEHAVIOUR:
            return self.active_count
        return sum(found is cause for found in self.new.values())

    def of_new(self, person: str) -> ChangeCause:
        """Cause of a person of tonight."""
        return self.new.get(person, ChangeCause.BEHAVIOUR)


def find_causes(warehouse: Warehouse) -> Causes:
    """Causes from `last_event_person`, `last_setting`, `last_segment` and tonight's tables; needs layers 30 to 50."""
    for name in ("person_link", "person_arrival", "person_departure"):
        warehouse.build(model_named(name))
    links = [(str(a), str(b)) for a, b in warehouse.execute("select old_person_id, person_id from person_link")]
    arrivals = warehouse.execute("select person_id, late_count, new_count from person_arrival")
    departures = warehouse.execute("select person_id, gone_count from person_departure")
    moved = warehouse.execute(
        "select last_segment.person_id, journey.person_id from last_segment "
        "inner join segment_member on last_segment.journey_id = segment_member.journey_id "
        "inner join journey on segment_member.journey_id = journey.journey_id "
        "where last_segment.segment <> segment_member.segment"
    )
    old, new = causes_of(
        links,
        late={str(person) for person, late, _ in arrivals if late},
        gone={str(person) for person, _ in departures},
        moved={(str(before), str(after)) for before, after in moved},
    )
    counts = {
        ChangeCause.LATE_DATA: sum(int(late) for _, late, _ in arrivals) + sum(int(gone) for _, gone in departures),
        ChangeCause.BEHAVIOUR: sum(int(new_ones) for _, _, new_ones in arrivals),
    }
    active = sum(1 for _, _, new_ones in arrivals if new_ones)
    return Causes(old=old, new=new, event_counts=counts, active_count=active)


def causes_of(
    links: Iterable[tuple[str, str]], *, late: set[str], gone: set[str], moved: set[tuple[str, str]]
) -> tuple[dict[str, ChangeCause], dict[str, ChangeCause]]:
    """Causes of persons of last night and of tonight, those of mere behaviour left out.

    Args:
        links: person of last night and of tonight who share an event.
        late: persons of tonight with an event that should have been there last night.
        gone: persons of last night with an event that is no longer there.
        moved: persons of last night and of tonight of journeys that changed their segment.
    """
    groups = _groups(links)
    moved_old, moved_new = {before for before, _ in moved}, {after for _, after in moved}
    found_old: dict[str, ChangeCause] = {}
    found_new: dict[str, ChangeCause] = {}
    for olds, news in groups:
        cause = ChangeCause.BEHAVIOUR
        if len(olds) > 1 or len(news) > 1:
            cause = ChangeCause.RESTITCHING
        elif olds & gone or news & late:
            cause = ChangeCause.LATE_DATA
        elif olds & moved_old or news & moved_new:
            cause = ChangeCause.MIX
        if cause is not ChangeCause.BEHAVIOUR:
            found_old.update(dict.fromkeys(olds, cause))
            found_new.update(dict.fromkeys(news, cause))
    # persons without any link are new or wholly gone
    for person in late - found_new.keys():
        found_new[person] = ChangeCause.LATE_DATA
    for person in gone - found_old.keys():
        found_old[person] = ChangeCause.LATE_DATA
    return found_old, found_new


def _groups(links: Iterable[tuple[str, str]]) -> list[tuple[set[str], set[str]]]:
    """Connected groups of persons of last night and of tonight."""
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    for before, after in links:
        forward[before].add(after)
        backward[after].add(before)
    groups: list[tuple[set[str], set[str]]] = []
    seen: set[str] = set()
    for start in forward:
        if start in seen:
            continue
        olds, news, waiting = {start}, set[str](), [start]
        while waiting:
            for after in forward[waiting.pop()] - news:
                news.add(after)
                waiting += backward[after] - olds
                olds |= backward[after]
        seen |= olds
        groups.append((olds, news))
    return groups
