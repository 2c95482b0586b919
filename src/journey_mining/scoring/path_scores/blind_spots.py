"""What the map cannot see: touchpoints and stages without any event, and customers who turn up in the middle.

In: the declared stages, touchpoints and rules, `event` (which kinds of events there are at all), `activity_step`,
`stage_trace`. Out: rows of `blind_spot`. "No events" has two reasons that ask for opposite things: nobody watches
(connect a source), or nobody comes (mend the way there).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from journey_mining.mining.schemas import schema
from journey_mining.project import Project, When
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.path_scores.shares import customer_share

BLIND_SPOT = schema(
    text="segment stage touchpoint kind",
    int="customer_count base_customer_count",
    real="share share_low share_high",
    text_2="flags",
)


class SpotKind(StrEnum):
    """Why something is not seen."""

    DECLARED_NEVER_SEEN = "declared_never_seen"
    """it could be seen, but too few customers came near it to tell"""
    NO_SOURCE = "no_source"
    """no rule and no loaded source could show it"""
    CUSTOMERS_DO_NOT_REACH = "customers_do_not_reach"
    """it can be seen and customers come near, yet nobody was there"""
    APPEARS_MID_PATH = "appears_mid_path"
    """the first stage seen is not one with which the way begins"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was observed."""

    kinds: pd.DataFrame
    """distinct source, channel and event_kind of all events"""
    touchpoints: pd.DataFrame
    """distinct segment and touchpoint of journeys"""
    traces: pd.DataFrame
    """columns of `stage_trace` and `person_no`"""


def blind_spot_rows(
    project: Project, seen: Seen, starts: Mapping[str, frozenset[str]], segments: list[str], reader: Reader
) -> list[dict[str, Any]]:
    """Rows of `blind_spot`, by segment in the order given.

    Args:
        project: declared stages, touchpoints and rules.
        seen: what was observed.
        starts: stages with which a way may begin, by segment.
        segments: ids of segments.
        reader: settings of the run.
    """
    ever = set(seen.touchpoints["touchpoint"])
    rows: list[dict[str, Any]] = []
    for segment in segments:
        traces = in_segment(seen.traces, segment)
        if traces["person_no"].nunique() < reader.thresholds.small:
            continue
        reach = _reach(traces)
        here = set(in_segment(seen.touchpoints, segment)["touchpoint"])
        rows += _missing_touchpoints(project, seen, reach, reader, segment=segment, here=here, ever=ever)
        rows += _missing_stages(project, seen, reach, reader, segment=segment)
        rows += _mid_path(traces, starts.get(segment, frozenset()), reader, segment=segment)
    return rows


def can_be_seen(when: When, kinds: pd.DataFrame) -> bool:
    """Whether some event there is could satisfy the source, channel and kind that a rule asks for."""
    fitting = kinds
    for column, wanted in (("source", when.source), ("channel", when.channel), ("event_kind", when.event_kind)):
        if wanted:
            fitting = fitting[fitting[column].isin(wanted)]
    if when.event_kind_re:
        pattern = re.compile(when.event_kind_re, re.IGNORECASE)
        fitting = fitting[[bool(pattern.search(str(kind))) for kind in fitting["event_kind"]]]
    return len(fitting) > 0


def _reach(traces: pd.DataFrame) -> dict[str, int]:
    """Customers who were in each stage; '' = all customers."""
    people: dict[str, set[int]] = {}
    for person, stages in zip(traces["person_no"], traces["stages"], strict=True):
        for stage in {"", *str(stages).split(">")}:
            people.setdefault(stage, set()).add(int(person))
    return {stage: len(found) for stage, found in people.items()}


def _missing_touchpoints(
    project: Project,
    seen: Seen,
    reach: Mapping[str, int],
    reader: Reader,
    *,
    segment: str,
    here: set[str],
    ever: set[str],
) -> Iterator[dict[str, Any]]:
    for touchpoint in project.stages.touchpoint:
        if not touchpoint.ours or touchpoint.id in here:
            continue
        rules = [rule for rule in project.stages.rule if rule.touchpoint == touchpoint.id]
        stage = touchpoint.stage or next((rule.stage for rule in rules if rule.stage), "")
        near = reach.get(stage, 0)
        is_tracked = touchpoint.id in ever or any(can_be_seen(rule.when, seen.kinds) for rule in rules)
        if touchpoint.id in ever and near < reader.thresholds.small:
            continue  # others were there; too few of these came near it to say anything
        kind = _kind(near, reader, is_tracked=is_tracked)
        yield _nobody(segment, stage, touchpoint.id, kind, near, reader)


def _missing_stages(
    project: Project, seen: Seen, reach: Mapping[str, int], reader: Reader, *, segment: str
) -> Iterator[dict[str, Any]]:
    before = ""
    for stage in project.stages.stage:
        if not reach.get(stage.id):
            rules = [rule for rule in project.stages.rule if rule.stage == stage.id]
            is_tracked = any(can_be_seen(rule.when, seen.kinds) for rule in rules)
            near = reach.get(before, 0)
            yield _nobody(segment, stage.id, "", _kind(near, reader, is_tracked=is_tracked), near, reader)
        before = stage.id


def _kind(near: int, reader: Reader, *, is_tracked: bool) -> SpotKind:
    if not is_tracked:
        return SpotKind.NO_SOURCE
    is_reached = near >= reader.thresholds.small
    return SpotKind.CUSTOMERS_DO_NOT_REACH if is_reached else SpotKind.DECLARED_NEVER_SEEN


def _nobody(segment: str, stage: str, touchpoint: str, kind: SpotKind, near: int, reader: Reader) -> dict[str, Any]:
    """Nobody out of those who came near; where nobody watches, that is no share of anything."""
    row = {"segment": segment, "stage": stage, "touchpoint": touchpoint, "kind": str(kind), "customer_count": 0}
    if kind is not SpotKind.CUSTOMERS_DO_NOT_REACH:
        return {**row, "flags": str(kind) if kind is SpotKind.NO_SOURCE else ""}
    share = customer_share(0, near, reader)
    return {**row, **_numbers(near, share.share, share.low, share.high, share.flags)}


def _mid_path(
    traces: pd.DataFrame, starts: frozenset[str], reader: Reader, *, segment: str
) -> Iterator[dict[str, Any]]:
    begun = traces[~traces["is_left_uncertain"].astype(bool) & (traces["stages"] != "")]
    first = begun["stages"].str.split(">").str[0]
    base = int(begun["person_no"].nunique())
    for stage, rows in begun.groupby(first, sort=True):
        customers = int(rows["person_no"].nunique())
        if str(stage) in starts or customers < reader.thresholds.small:
            continue
        share = customer_share(customers, base, reader)
        row = {"segment": segment, "stage": str(stage), "touchpoint": "", "kind": str(SpotKind.APPEARS_MID_PATH)}
        yield {
            **row,
            "customer_count": customers,
            **_numbers(base, share.share, share.low, share.high, share.flags),
        }


def _numbers(base: int, share: float, low: float, high: float, flags: str) -> dict[str, Any]:
    return {"base_customer_count": base, "share": share, "share_low": low, "share_high": high, "flags": flags}
