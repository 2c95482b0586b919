"""The pictures of stage pages: one for every stage of every segment that has pages.

In: tables and the pictures of map and paths pages. Out: `StagePicture` values. What map and paths show of a stage is
taken from their pictures, so that the pages cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from journey_mining.maps.cells import friction_of, quotes_of
from journey_mining.maps.heads import Name
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.numbers import Limits, Number, number_of
from journey_mining.maps.path_pictures import SegmentPaths, StageFlows
from journey_mining.maps.paths import activity_names
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.stage_facts import HiddenFacts, facts_of, hidden_facts, subgroups_of
from journey_mining.maps.stage_pictures import (
    CurvePoint,
    LossCurve,
    NextStep,
    NextSteps,
    Obstacle,
    PastRun,
    StageDeviation,
    StagePicture,
    Term,
    WaitBin,
    Waits,
)
from journey_mining.maps.suppression import forced_cells
from journey_mining.maps.tables import Row
from journey_mining.scoring.metric import Method
from journey_mining.vocabulary import ALL_SEGMENTS, OTHER, Estimand

NEXT_SHOWN = 8
TERMS_SHOWN = 12


def stage_pages(
    ground: Ground, maps: Sequence[SegmentMap], paths: Sequence[SegmentPaths]
) -> tuple[tuple[StagePicture, ...], ...]:
    """Pictures by segment in the order of the maps, and by stage."""
    hidden = hidden_facts(ground)
    names = {stage.id: stage.name for stage in ground.stages}
    names |= {touchpoint: name for touchpoint, (name, _) in activity_names(ground).items()}
    homes = {touchpoint: number for touchpoint, (_, number) in activity_names(ground).items()}
    homes |= {stage.id: stage.number for stage in ground.stages}
    return tuple(
        tuple(_picture(ground, picture, column, ways, hidden, (names, homes)) for column in picture.columns)
        for picture, ways in zip(maps, paths, strict=True)
    )


def _picture(
    ground: Ground,
    picture: SegmentMap,
    column: StageColumn,
    ways: SegmentPaths,
    hidden: HiddenFacts,
    steps: tuple[dict[str, Name], dict[str, int]],
) -> StagePicture:
    segment, stage, tables = picture.segment, column.stage, ground.tables
    return StagePicture(
        segment=segment,
        column=column,
        lost_by_status=ground.number(Estimand.LOST_BY_STATUS, segment.id, stage.id),
        lost_by_silence=ground.number(Estimand.LOST_BY_SILENCE, segment.id, stage.id),
        curve=_curve(tables.of("stage_curve", segment.id, stage=stage.id), column.drop_off),
        facts=facts_of(ground, hidden, segment.id, stage.id),
        subgroups=subgroups_of(ground, segment.id, stage.id),
        waits=_waits(ground, segment.id, stage.id),
        next_steps=_next_steps(ways.stage_flows, stage.id),
        obstacles=_obstacles(tables.of("friction_point", segment.id, stage=stage.id), ground.limits),
        deviations=_deviations(ground, segment.id, stage.number, *steps),
        terms=_terms(tables.of("stage_topic", segment.id, stage=stage.id), ground.limits),
        quotes=quotes_of(tables.of("stage_quote", segment.id, stage=stage.id)),
        past=_past(tables.of("metric_history", segment.id, stage=stage.id, estimand=str(Estimand.DROP_OFF)), ground),
    )


def _curve(rows: Sequence[Row], drop_off: Number) -> LossCurve | None:
    """The curve where its end may be shown; a small sample has its band only."""
    if not rows or not (drop_off.is_full or drop_off.is_thin):
        return None
    return LossCurve(
        points=tuple(
            CurvePoint(
                day=int(row["day_no"]),
                share=row["lost_share"] if drop_off.is_full else None,
                low=row["low"],
                high=row["high"],
            )
            for row in rows
        ),
        horizon_days=int(rows[0]["horizon_days"]),
    )


def _waits(ground: Ground, segment: str, stage: str) -> Waits:
    median = ground.number(Estimand.ANSWER_WAIT_MEDIAN, segment, stage)
    rows = ground.tables.of("wait_bin", segment, stage=stage)
    # shares of a number that is told give away the group behind a number that is not
    is_shown = median.is_full and median.customers is not None
    return Waits(
        median=median,
        slow=ground.number(Estimand.ANSWER_WAIT_Q90, segment, stage),
        answered=ground.number(Estimand.ANSWERED_SHARE, segment, stage),
        bins=tuple(
            WaitBin(from_days=row["from_days"], until_days=row["until_days"], share=row["wait_share"])
            for row in rows
            if is_shown
        ),
    )


def _next_steps(flows: StageFlows | None, stage: str) -> NextSteps | None:
    """The links of the Sankey that leave the stage: the largest by name, the others as one."""
    links = [link for link in flows.links if link.stage == stage] if flows else []
    total = sum(link.journeys for link in links)
    if not total:
        return None
    links.sort(key=lambda link: (-link.journeys, link.target))
    named = [(link.target, link.journeys) for link in links[:NEXT_SHOWN]]
    rest = sum(link.journeys for link in links[NEXT_SHOWN:])
    return NextSteps(
        total=total,
        steps=tuple(
            NextStep(target=target, journeys=journeys, share=journeys / total)
            for target, journeys in [*named, *([(OTHER, rest)] if rest else [])]
        ),
    )


def _obstacles(rows: Sequence[Row], limits: Limits) -> tuple[Obstacle, ...]:
    """Every friction point of enough customers, also those with less loss; in the order of the table."""
    found = [row for row in rows if (row["customer_count"] or 0) >= limits.thin]
    found.sort(key=lambda row: (row.get("rank_no") or len(rows) + 1, row["friction"]))
    return tuple(Obstacle(friction=friction_of(row), flags=_flags(row.get("flags"))) for row in found)


def _deviations(
    ground: Ground, segment: str, number: int, names: dict[str, Name], homes: dict[str, int]
) -> tuple[StageDeviation, ...]:
    """Deviations whose step, or whose step before, belongs to the stage."""
    rows = [
        row
        for row in ground.tables.of("path_deviation", segment)
        if number in (homes.get(row["step"]), homes.get(row["after_step"]))
    ]
    hidden = _hidden_deviations(ground.tables.rows["path_deviation"], ground.limits.small)
    return tuple(
        StageDeviation(
            kind=row["kind"],
            step=names.get(row["step"], Name(ru=row["step"], en=row["step"])),
            after=names.get(row["after_step"], Name(ru=row["after_step"], en=row["after_step"]))
            if row["after_step"]
            else None,
            share=number_of(
                {
                    **row,
                    "estimate": row["share"],
                    "interval_low": row["share_low"],
                    "interval_high": row["share_high"],
                    "horizon_days": None,
                    "method": Method.WILSON,
                },
                ground.limits,
                is_base_hidden=segment in ground.sizes or (segment, _deviation_key(row)) in hidden,
            ),
            loss_ratio=row["loss_ratio"],
            loss_low=row["loss_ratio_low"],
            loss_high=row["loss_ratio_high"],
            q_value=row["q_value"],
        )
        for row in rows
    )


def _hidden_deviations(rows: Sequence[Row], small: int) -> set[tuple[str, object]]:
    """Deviations (segment, key) of which everybody but a few show it, or whose n tells that of a segment with few.

    The table names no segment in which fewer than `small` show a deviation; what the named ones leave of everybody is
    theirs.
    """
    counts = [(row["segment"], _deviation_key(row), int(row["customer_count"])) for row in rows]
    left: Counter[tuple[str, str, str]] = Counter()
    for segment, key, customers in counts:
        left[key] += customers if segment == ALL_SEGMENTS else -customers
    rest = [("", key, customers) for key, customers in left.items() if customers > 0]
    few = {
        (row["segment"], _deviation_key(row))
        for row in rows
        if 0 < int(row["base_customer_count"]) - int(row["customer_count"]) < small
    }
    return few | set(forced_cells([*counts, *rest], small))


def _deviation_key(row: Row) -> tuple[str, str, str]:
    return row["kind"], row["step"], row["after_step"]


def _terms(rows: Sequence[Row], limits: Limits) -> tuple[Term, ...]:
    found = [
        Term(
            text=row["term"],
            customers=int(row["customer_count"]),
            base_customers=int(row["base_customer_count"]),
            lift=row["lift"],
            lift_low=row["lift_low"],
            lift_high=row["lift_high"],
            q_value=row["q_value"],
            mood=row["mean_score"] if row["customer_count"] >= limits.thin else None,
        )
        for row in rows
        if row["customer_count"] >= limits.small and row["lift"] is not None
    ]
    found.sort(key=lambda term: (-term.lift_low, -term.customers, term.text))
    return tuple(found[:TERMS_SHOWN])


def _past(rows: Sequence[Row], ground: Ground) -> tuple[PastRun, ...]:
    runs = [
        PastRun(
            as_of=row["as_of"],
            number=number_of(row, ground.limits, is_base_hidden=row["segment"] in ground.sizes),
            is_comparable=bool(row["is_comparable"]),
        )
        for row in rows
    ]
    return tuple(run for run in runs if run.number.is_full or run.number.is_thin)


def _flags(flags: str | None) -> tuple[str, ...]:
    return tuple(flag for flag in (flags or "").split(",") if flag)
