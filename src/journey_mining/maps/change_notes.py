"""What stands below the charts of the trends page: alarms, actions, what moved since last night, drift of paths.

In: tables of layer 80, which hold no small cell. Out: notes with the heads of their segment and stage.
"""

from __future__ import annotations

from collections.abc import Mapping

from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import number_of
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.tables import Row
from journey_mining.maps.trend_pictures import ActionNote, AlarmNote, DriftFlow, DriftNote, RunMark, SplitNote
from journey_mining.vocabulary import Estimand

Heads = Mapping[str, SegmentHead]
_NO_NAME = Name(ru="", en="")


def alarm_notes(ground: Ground, heads: Heads) -> tuple[AlarmNote, ...]:
    """Alarms, those that stand first, then the latest."""
    stages = _stages(ground)
    rows = [row for row in ground.tables.rows["alarm"] if row["segment"] in heads and row["stage"] in stages]
    rows.sort(key=lambda row: (row["ended_on"] is not None, -row["raised_on"].timestamp()))
    return tuple(
        AlarmNote(
            segment=heads[row["segment"]],
            stage=stages[row["stage"]],
            direction=row["direction"],
            started_on=row["started_on"],
            raised_on=row["raised_on"],
            ended_on=row["ended_on"],
            baseline=row["baseline"],
            since=number_of(
                {
                    "estimate": row["since"],
                    "interval_low": row["low"],
                    "interval_high": row["high"],
                    "customer_count": row["n_since"],
                    "horizon_days": row["horizon_days"],
                    "method": "wilson",
                    "flags": row["flags"],
                },
                ground.limits,
                is_base_hidden=row["segment"] in ground.sizes,
            ),
        )
        for row in rows
    )


def run_marks(ground: Ground) -> tuple[RunMark, ...]:
    """Changes of the rules and starts of actions."""
    names = _action_names(ground)
    return tuple(
        RunMark(
            at=row["as_of"],
            kind=row["kind"],
            name=names.get(row["subject"], _NO_NAME),
            segment=row["parts"].split(",")[0] if row["kind"] == "action_started" else "",
            parts=tuple(row["parts"].split(",")) if row["kind"] == "rules_changed" else (),
        )
        for row in ground.tables.rows["run_event"]
    )


def action_notes(ground: Ground, heads: Heads) -> tuple[ActionNote, ...]:
    """What became of the actions, in order of their start."""
    stages, names = _stages(ground), _action_names(ground)
    rows = [row for row in ground.tables.rows["action_effect"] if row["segment"] in heads and row["stage"] in stages]
    rows.sort(key=lambda row: (row["since"], row["action_id"]))
    return tuple(
        ActionNote(
            id=row["action_id"],
            name=names.get(row["action_id"], Name(ru=row["action_id"], en=row["action_id"])),
            segment=heads[row["segment"]],
            stage=stages[row["stage"]],
            estimand=Estimand(row["estimand"]),
            since=row["since"],
            design=row["design"] or "",
            wording=row["wording"] or "",
            estimate=row["estimate"],
            low=row["low"],
            high=row["high"],
            detectable=row["mde"],
            is_distinguishable=bool(row["is_distinguishable"]),
            before=row["share_before"],
            after=row["share_after"],
            customers=None if row["segment"] in ground.sizes else row["customer_count"],
            control=heads.get(row["control_segment"] or ""),
            horizon_days=row["horizon_days"],
            flags=tuple(flag for flag in str(row["flags"] or "").split(",") if flag),
        )
        for row in rows
    )


def split_notes(ground: Ground, heads: Heads) -> tuple[SplitNote, ...]:
    """Numbers that moved since last night, those that moved most first."""
    stages = _stages(ground)
    rows = [row for row in ground.tables.rows["change_split"] if row["segment"] in heads and row["stage"] in stages]
    rows.sort(key=lambda row: (row["estimand"], -abs(row["after"] - row["before"]), row["segment"], row["stage"]))
    return tuple(
        SplitNote(
            estimand=Estimand(row["estimand"]),
            segment=heads[row["segment"]],
            stage=stages[row["stage"]],
            before=row["before"],
            after=row["after"],
            behaviour=row["behaviour"],
            mix=row["mix"],
            late_data=row["late_data"],
            restitching=row["restitching"],
            rules=row["rules"],
            unexplained=row["unexplained"],
            customers=ground.number(Estimand(row["estimand"]), row["segment"], row["stage"]).customers,
            since=row["before_as_of"],
        )
        for row in rows
    )


def drift_notes(ground: Ground, heads: Heads) -> tuple[DriftNote, ...]:
    """Drift of every segment with pages, in their order."""
    found = {row["segment"]: row for row in ground.tables.rows["path_drift"]}
    return tuple(_drift(ground, head, found[head.id]) for head in heads.values() if head.id in found)


def _drift(ground: Ground, head: SegmentHead, row: Row) -> DriftNote:
    stages = _stages(ground)
    is_hidden = head.id in ground.sizes
    flows = ground.tables.of("path_drift_flow", head.id)
    return DriftNote(
        segment=head,
        is_compared=row["status"] == "compared",
        distance=row["distance"],
        expected=row["expected_distance"],
        q_value=row["q_value"],
        customers_before=None if is_hidden else row["customers_before"],
        customers_after=None if is_hidden else row["customers_after"],
        recent_weeks=int(row["recent_weeks"] or 0),
        earlier_weeks=int(row["earlier_weeks"] or 0),
        flows=tuple(
            DriftFlow(
                stage=stages[flow["stage"]],
                target=flow["next_stage"],
                before=flow["share_before"],
                after=flow["share_after"],
            )
            for flow in flows
            if flow["stage"] in stages
        ),
    )


def _stages(ground: Ground) -> dict[str, StageHead]:
    return {stage.id: stage for stage in ground.stages}


def _action_names(ground: Ground) -> dict[str, Name]:
    return {action.id: Name(ru=action.ru, en=action.en) for action in ground.project.knowledge.action}
