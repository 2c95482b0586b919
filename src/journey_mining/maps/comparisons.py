"""Which segments stand side by side, and what is known of their differences.

In: `comparison`, `common_step`, `metric_history` and the maps themselves. Out: `SegmentComparison` values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from journey_mining.maps.compare_pictures import Against, Contrast, SegmentComparison, StageContrast, WayContrast
from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.numbers import Number, number_of
from journey_mining.maps.path_pictures import SegmentPaths
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.tables import Row, Tables
from journey_mining.scoring.comparison import PRACTICALLY_RELEVANT, REST
from journey_mining.scoring.differences import difference_interval
from journey_mining.scoring.metric import Flag, Thresholds
from journey_mining.vocabulary import ALL_SEGMENTS, UNKNOWN_SEGMENT, Estimand

MOST_PAIRED = 6
"""segments up to which every pair has a page; of more, each stands against everybody else"""
OWN_PAST = timedelta(days=28)
"""a run at least this old is the past that a segment is held against"""
_WAYS = 5
_WEAKEST = 2
_SHARES = frozenset({Estimand.DROP_OFF, Estimand.REACHED, Estimand.GOAL_REACHED})

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What comparisons are made of."""

    ground: Ground
    rows: Mapping[Key, Row]
    """rows of `comparison` by estimand, stage and both sides"""
    kinds: Mapping[str, str]
    past: Mapping[tuple[str, str, str], Row]
    """numbers of the earlier run by estimand, segment and stage"""
    past_as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """Numbers of an earlier run."""

    as_of: datetime
    rows: Mapping[tuple[str, str, str], Row]
    """by estimand, segment and stage"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Who is compared."""

    against: Against
    first: SegmentHead
    second: SegmentHead | None = None


def segment_comparisons(
    ground: Ground, segments: Sequence[SegmentHead], paths: Sequence[SegmentPaths], as_of: datetime
) -> tuple[SegmentComparison, ...]:
    """Every comparison that has a page, in order of the segments."""
    known = _known(ground, as_of)
    drawn = {item.segment.id: item for item in paths}
    return tuple(_comparison(known, sides, drawn) for sides in _wanted(known, segments))


def _known(ground: Ground, as_of: datetime) -> _Known:
    tables = ground.tables
    past = past_run(tables, as_of, OWN_PAST)
    return _Known(
        ground=ground,
        rows={(r["estimand"], r["stage"], r["segment_a"], r["segment_b"]): r for r in tables.rows["comparison"]},
        kinds={row["stage"]: row["kind"] for row in tables.rows["common_step"]},
        past=past.rows if past else {},
        past_as_of=past.as_of if past else None,
    )


def past_run(tables: Tables, as_of: datetime, age: timedelta) -> PastRun | None:
    """The latest earlier run under tonight's rules that is at least so old; None where there is none."""
    history = tables.rows["metric_history"]
    past = max((row["as_of"] for row in history if row["is_comparable"] and row["as_of"] <= as_of - age), default=None)
    if past is None:
        return None
    rows = {(r["estimand"], r["segment"], r["stage"] or ""): r for r in history if r["as_of"] == past}
    return PastRun(as_of=past, rows=rows)


def _wanted(known: _Known, segments: Sequence[SegmentHead]) -> Iterator[_Sides]:
    named = [head for head in segments if head.id not in (ALL_SEGMENTS, UNKNOWN_SEGMENT)]
    if len(named) <= MOST_PAIRED:
        for first, second in combinations(named, 2):
            yield _Sides(against="segment", first=first, second=second)
    else:
        yield from (_Sides(against="rest", first=head) for head in named)
    before = {segment for _, segment, _ in known.past}
    yield from (_Sides(against="past", first=head) for head in segments if head.id in before)


def _comparison(known: _Known, sides: _Sides, drawn: Mapping[str, SegmentPaths]) -> SegmentComparison:
    first, second = sides.first, sides.second
    ground = known.ground
    slug = f"{first.slug}--{second.slug}" if second else f"{first.slug}.{sides.against}"
    pairs = {stage.id: _contrast(known, sides, Estimand.DROP_OFF, stage.id) for stage in ground.stages}
    weak = _weakest(pairs, first=True) & _weakest(pairs, first=False)
    return SegmentComparison(
        slug=slug,
        against=sides.against,
        first=first,
        second=second,
        past=known.past_as_of if sides.against == "past" else None,
        mood_of=ground.mood_of,
        goal=_contrast(known, sides, Estimand.GOAL_REACHED),
        duration=_contrast(known, sides, Estimand.JOURNEY_MEDIAN),
        stages=tuple(_stage(known, sides, stage, pairs[stage.id], weak) for stage in ground.stages),
        ways=_ways(drawn.get(first.id), drawn.get(second.id)) if second else (),
    )


def _stage(known: _Known, sides: _Sides, stage: StageHead, drop_off: Contrast, weak: set[str]) -> StageContrast:
    return StageContrast(
        stage=stage,
        drop_off=drop_off,
        mood=_contrast(known, sides, known.ground.mood_of, stage.id),
        dwell=_contrast(known, sides, Estimand.DWELL_MEDIAN, stage.id),
        reached=_contrast(known, sides, Estimand.REACHED, stage.id),
        kind=known.kinds.get(stage.id, "") if sides.against != "past" else "",
        is_shared_weak_spot=stage.id in weak and sides.against != "past",
    )


def _weakest(pairs: Mapping[str, Contrast], *, first: bool) -> set[str]:
    """The stages that lose most on one side, among those that may be ranked."""
    numbers = {stage: pair.first if first else pair.second for stage, pair in pairs.items()}
    full = [stage for stage, number in numbers.items() if number.is_full]
    return set(sorted(full, key=lambda stage: -(numbers[stage].estimate or 0.0))[:_WEAKEST])


def _contrast(known: _Known, sides: _Sides, estimand: Estimand, stage: str = "") -> Contrast:
    """One number on both sides; where no difference was estimated, each side for itself."""
    ground = known.ground
    if sides.against == "past":
        return against_past(ground, known.past, sides.first.id, estimand, stage)
    other = sides.second.id if sides.second else REST
    row = known.rows.get((estimand, stage, sides.first.id, other))
    if row is None:
        second = ground.number(estimand, other, stage)
        return Contrast(first=ground.number(estimand, sides.first.id, stage), second=second)
    numbers = [_side(ground, row, side, segment) for side, segment in (("a", sides.first.id), ("b", other))]
    is_shown = all(number.is_full or number.is_thin for number in numbers)
    is_full = all(number.is_full for number in numbers)
    return Contrast(
        first=numbers[0],
        second=numbers[1],
        difference=row["difference"] if is_full else None,
        low=row["difference_low"] if is_shown else None,
        high=row["difference_high"] if is_shown else None,
        q_value=row["q_value"] if is_full else None,
        is_relevant=PRACTICALLY_RELEVANT in str(row["flags"] or "").split(","),
    )


def _side(ground: Ground, row: Row, side: str, segment: str) -> Number:
    """One side of a row of `comparison` as a number; everybody else would tell how many a hidden segment has."""
    limits, estimand = ground.limits, row["estimand"]
    share = row[f"estimate_{side}"] if estimand in _SHARES else None
    flags = [*Thresholds(small=limits.small, thin=limits.thin).flags(int(row[f"n_{side}"]), share=share)]
    # a number that its own map shows as an interval only is no fuller here
    own = ground.tables.metric(estimand, segment, row["stage"])
    flags += [Flag.THIN] if own and Flag.THIN in str(own["flags"] or "").split(",") else []
    hides = row["segment_a"] if segment == REST else segment
    is_base_hidden = hides in ground.sizes or (hides, (estimand, row["stage"])) in ground.hidden_bases
    return number_of(
        {
            "estimate": row[f"estimate_{side}"],
            "interval_low": row[f"low_{side}"],
            "interval_high": row[f"high_{side}"],
            "customer_count": row[f"n_{side}"],
            "horizon_days": row["horizon_days"],
            "method": row["method"],
            "flags": ",".join(flags),
        },
        limits,
        is_base_hidden=is_base_hidden,
    )


def against_past(
    ground: Ground, past: Mapping[tuple[str, str, str], Row], segment: str, estimand: Estimand, stage: str
) -> Contrast:
    """Tonight against the earlier run.

    The runs share customers, so that an interval as of two independent samples is too wide rather than too narrow.
    There is none where the two were read at different numbers of days.
    """
    row = past.get((estimand, segment, stage))
    first = ground.number(estimand, segment, stage)
    # how many there were then, and are now, tells how many came: no base is shown where one is hidden
    second = number_of(row, ground.limits, is_base_hidden=first.customers is None)
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return Contrast(first=first, second=second)
    if first.horizon_days != second.horizon_days or first.estimate is None or second.estimate is None:
        return Contrast(first=first, second=second)
    low, high = difference_interval(first.estimate, (first.low, first.high), second.estimate, (second.low, second.high))
    return Contrast(first=first, second=second, difference=first.estimate - second.estimate, low=low, high=high)


def _ways(first: SegmentPaths | None, second: SegmentPaths | None) -> tuple[WayContrast, ...]:
    """The most frequent drawn ways of both, those that differ most first."""
    shares = [_shares(paths) for paths in (first, second)]
    wanted = {way for own in shares for way in list(own)[:_WAYS]}
    found = [
        WayContrast(stages=way[0], ending=way[1], first=shares[0].get(way), second=shares[1].get(way)) for way in wanted
    ]
    return tuple(sorted(found, key=lambda way: (-_gap(way), way.stages, way.ending)))


def _gap(way: WayContrast) -> float:
    return abs((way.first or 0.0) - (way.second or 0.0))


def _shares(paths: SegmentPaths | None) -> dict[tuple[tuple[str, ...], str], float]:
    """Shares of the drawn ways, most frequent first; none where the number of journeys is hidden."""
    rows = paths.variants.rows if paths and paths.variants else ()
    return {(row.stages, row.ending): row.share for row in rows if row.share is not None}
