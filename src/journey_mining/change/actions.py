"""What became of the actions that people declared: the table `action_effect`.

In: `knowledge/actions.toml` (what, where, since when), first entries, alarms. Two designs: an untouched segment stands
beside the touched one (difference in differences), or the weekly series of the touched one is continued (interrupted
series). Without either the share before and after is told, and the words are weaker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import numpy as np
import pyarrow as pa

from journey_mining.change.cohorts import WEEK, Cohorts, Entries
from journey_mining.change.effects import (
    Effect,
    Sample,
    before_after,
    difference_in_differences,
    interrupted_series,
    placebo_effects,
    pre_trend,
)
from journey_mining.project import Project
from journey_mining.project.knowledge import Action
from journey_mining.scoring.episodes import BACK, LOST, PROGRESS
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import UNKNOWN_SEGMENT, Estimand

DESIGN_DID, DESIGN_SERIES, DESIGN_NONE = "difference_in_differences", "interrupted_series", "before_after"
MIN_PERIODS, MOST_PERIODS, PERIOD_DAYS = 6, 13, 14
"""periods before the action in which both sides must have run in parallel; as many after it are looked at"""
MIN_WEEKS_BEFORE, MIN_WEEKS_AFTER = 8, 4
PARALLEL_P = 0.05
PLACEBO_P = 0.05
_CAUSES = {Estimand.MOVED_ON: PROGRESS, Estimand.DROP_OFF: LOST, Estimand.MOVED_BACK: BACK}

_TEXT, _INT, _FLOAT, _TIME = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
ACTION_EFFECT = pa.schema(
    [
        ("action_id", _TEXT),
        ("segment", _TEXT),
        ("stage", _TEXT),
        ("estimand", _TEXT),
        ("since", _TIME),
        ("design", _TEXT),
        ("status", _TEXT),
        ("control_segment", _TEXT),
        ("estimate", _FLOAT),
        ("low", _FLOAT),
        ("high", _FLOAT),
        ("p_value", _FLOAT),
        ("mde", _FLOAT),
        ("is_distinguishable", pa.bool_()),
        ("pre_trend_p", _FLOAT),
        ("placebo_count", _INT),
        ("placebo_rejected", _INT),
        ("wording", _TEXT),
        ("share_before", _FLOAT),
        ("share_after", _FLOAT),
        ("customer_count", _INT),
        ("customers_before", _INT),
        ("customers_after", _INT),
        ("control_customers", _INT),
        ("horizon_days", _INT),
        ("expected_change", _FLOAT),
        ("flags", _TEXT),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An action as something that can be looked at."""

    action: Action
    estimand: Estimand
    cause: int
    start: int
    """day of the observation on which it began"""
    last_day: int
    """first day whose entries have not been followed for the horizon"""
    horizon: int

    @property
    def periods(self) -> int:
        """Whole periods before the action that were observed."""
        return max(0, min(MOST_PERIODS, (self.start - 1) // PERIOD_DAYS))

    @property
    def first_day(self) -> int:
        """First day that is compared; the very first of the observation was seen in part only."""
        return max(1, self.start - max(self.periods, 1) * PERIOD_DAYS)

    def sample(self, entries: Entries) -> Sample:
        """Entries that are compared, followed for the horizon."""
        kept = entries.where((entries.day >= self.first_day) & (entries.day < self.last_day))
        return Sample(day=kept.day, happened=kept.within(self.cause, self.horizon), person=kept.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What an action is judged in."""

    cohorts: Cohorts
    horizons: dict[tuple[Estimand, str], int]
    """days after entry at which a share of a stage is read"""
    restless: frozenset[tuple[str, str]]
    """cells with an alarm: what happens there anyway is no comparison"""
    reader: Reader


def effect_table(project: Project, field: Field) -> pa.Table:
    """A row for each action that has begun and names a stage."""
    actions = [a for a in project.knowledge.action if a.since is not None and a.stage]
    rows = [effect_row(action, actions, field) for action in actions]
    return pa.Table.from_pylist(rows, schema=ACTION_EFFECT)


def effect_row(action: Action, actions: Sequence[Action], field: Field) -> dict[str, Any]:
    """What became of one action; a status says why there is no estimate."""
    trial = _trial(action, field)
    row: dict[str, Any] = {
        "action_id": action.id,
        "segment": action.segment or "all",
        "stage": action.stage,
        "estimand": str(trial.estimand),
        "since": datetime.combine(action.since, time()) if action.since else None,
        "horizon_days": trial.horizon,
        "expected_change": action.expected.change if action.expected else None,
    }
    treated = trial.sample(_entries(field.cohorts, action))
    people = [len(np.unique(treated.person[side])) for side in (treated.day < trial.start, treated.day >= trial.start)]
    if min(people) < field.reader.thresholds.thin:
        return row | {"status": "too_few", "design": "none", "wording": ""}
    shares = _shares(treated, trial, small=field.reader.thresholds.small)
    counted = row | shares | {
        "status": "judged",
        "customers_before": people[0],
        "customers_after": people[1],
        "customer_count": len(np.unique(treated.person)),
    }  # fmt: skip
    return counted | _judged(trial, treated, actions, field)


def _trial(action: Action, field: Field) -> Trial:
    named = action.expected.metric if action.expected else ""
    estimand = Estimand(named) if named in {str(known) for known in _CAUSES} else Estimand.MOVED_ON
    window = field.cohorts.window
    horizon = field.horizons.get((estimand, action.stage), 30)
    start = window.day_of(datetime.combine(action.since, time())) if action.since else 0
    last = min(window.day_of(window.end) - horizon, start + MOST_PERIODS * PERIOD_DAYS)
    return Trial(action=action, estimand=estimand, cause=_CAUSES[estimand], start=start, last_day=last, horizon=horizon)


def _entries(cohorts: Cohorts, action: Action) -> Entries:
    cell = (action.segment, action.stage)
    whole = cohorts.stage(action.stage) if any(stage == action.stage for _, stage in cohorts.cells) else None
    found = whole if not action.segment else cohorts.cells.get(cell)
    if found is not None:
        return found
    none = np.zeros(0, dtype=np.int64)
    return Entries(day=none, time=none.astype(np.float64), cause=none, followed=none.astype(np.float64), person=none)


def _shares(treated: Sample, trial: Trial, *, small: int) -> dict[str, float | None]:
    """Shares before and after; none where one side of a share would tell of too few."""
    found: dict[str, float | None] = {}
    for name, side in (("share_before", treated.day < trial.start), ("share_after", treated.day >= trial.start)):
        events = int(treated.happened[side].sum())
        few = any(0 < count < small for count in (events, int(side.sum()) - events))
        found[name] = None if few else round(events / int(side.sum()), 6)
    return found


def _judged(trial: Trial, treated: Sample, actions: Sequence[Action], field: Field) -> dict[str, Any]:
    """The design that the data allow, strongest first."""
    control = _control(trial, actions, field)
    if control is not None:
        segment, sample = control
        effect = difference_in_differences(treated, sample, trial.start)
        if effect is not None:
            checks = _checks(trial, treated, sample)
            others = {"control_segment": segment, "control_customers": len(np.unique(sample.person))}
            return _told(effect, DESIGN_DID, field.reader, checks) | others
    series = _weekly(trial, treated, field.reader)
    if series is not None:
        return _told(series, DESIGN_SERIES, field.reader, {})
    plain = before_after(treated, trial.start)
    return _told(plain, DESIGN_NONE, field.reader, {}) if plain else {"status": "too_few"}


def _control(trial: Trial, actions: Sequence[Action], field: Field) -> tuple[str, Sample] | None:
    """The untouched segment with most customers before and after; none where there is none with enough."""
    action, stage = trial.action, trial.action.stage
    if not action.segment:
        return None
    touched = {other.segment for other in actions if other.stage == stage}
    if "" in touched - {action.segment}:
        return None
    found: list[tuple[int, str, Sample]] = []
    for segment in field.cohorts.segments:
        if segment in touched | {UNKNOWN_SEGMENT} or (segment, stage) in field.restless:
            continue
        if (segment, stage) not in field.cohorts.cells:
            continue
        sample = trial.sample(field.cohorts.cells[(segment, stage)])
        people = [len(np.unique(sample.person[side])) for side in (sample.day < trial.start, sample.day >= trial.start)]
        if min(people) >= field.reader.thresholds.thin:
            found.append((-min(people), segment, sample))
    return min(found, key=lambda item: item[:2])[1:] if found else None


def _checks(trial: Trial, treated: Sample, control: Sample) -> dict[str, Any]:
    """Whether the sides ran in parallel before, and how often dates without an action seem to have one."""
    periods = trial.periods
    if periods < MIN_PERIODS:
        return {}
    placebos = placebo_effects(treated, control, trial.start, period=PERIOD_DAYS, periods=periods)
    trend = pre_trend(treated, control, trial.start, period=PERIOD_DAYS, periods=periods)
    return {
        "pre_trend_p": None if trend is None else round(trend, 6),
        "placebo_count": len(placebos),
        "placebo_rejected": sum(effect.p_value < PLACEBO_P for effect in placebos),
    }


def _weekly(trial: Trial, treated: Sample, reader: Reader) -> Effect | None:
    """The jump of the weekly share; none where there are too few weeks, or a week has too few customers."""
    before = (trial.start - trial.first_day) // WEEK
    after = (trial.last_day - trial.start) // WEEK
    if before < MIN_WEEKS_BEFORE or after < MIN_WEEKS_AFTER:
        return None
    week = (treated.day - trial.start) // WEEK + before
    kept = (week >= 0) & (week < before + after)
    entries = np.bincount(week[kept], minlength=before + after)
    if entries.min() < reader.thresholds.small:
        return None
    events = np.bincount(week[kept & treated.happened], minlength=before + after)
    return interrupted_series(events / entries, before)


def _told(effect: Effect, design: str, reader: Reader, checks: dict[str, Any]) -> dict[str, Any]:
    low, high = effect.interval(reader.z)
    return {
        "design": design,
        "estimate": round(effect.estimate, 6),
        "low": round(low, 6),
        "high": round(high, 6),
        "p_value": round(effect.p_value, 6),
        "mde": round(effect.detectable, 6),
        "is_distinguishable": not low <= 0 <= high,
        "wording": wording(design, checks),
        "flags": ",".join(_warnings(design, checks)),
        **checks,
    }


def wording(design: str, checks: dict[str, Any]) -> str:
    """The strongest word a page may use: `effect` needs a comparison that held before, else `associated`, `changed`."""
    if design == DESIGN_NONE:
        return "changed"
    return "effect" if design == DESIGN_DID and not _warnings(design, checks) else "associated"


def _warnings(design: str, checks: dict[str, Any]) -> Iterable[str]:
    if design != DESIGN_DID:
        return []
    trend, placebos = checks.get("pre_trend_p"), checks.get("placebo_count", 0)
    found = ["short_past"] if trend is None or not placebos else []
    if trend is not None and trend < PARALLEL_P:
        found.append("not_parallel")
    if placebos and checks["placebo_rejected"] > placebos // 3:
        found.append("placebo_dates_differ")
    return found
