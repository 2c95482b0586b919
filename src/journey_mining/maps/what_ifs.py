"""The grid of supposed changes of each segment, as far as its chain is believed.

In: `what_if_model` and `what_if_effect`. Out: `WhatIf` values.
"""

from __future__ import annotations

from collections.abc import Sequence

from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import Limits
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.tables import Row
from journey_mining.maps.what_if_pictures import Supposed, WhatIf, WhatIfStage
from journey_mining.scoring.what_if_table import BEYOND_SPREAD
from journey_mining.vocabulary import Estimand

_NO_NAME = Name(ru="", en="")


def what_ifs(ground: Ground, segments: Sequence[SegmentHead]) -> tuple[WhatIf, ...]:
    """One value per segment, also for those without a chain."""
    return tuple(_what_if(ground, segment) for segment in segments)


def _what_if(ground: Ground, segment: SegmentHead) -> WhatIf:
    found = ground.tables.of("what_if_model", segment.id)
    row: Row = found[0] if found and _may_be_told(found[0], ground.limits) else {}
    is_usable = bool(row.get("is_usable"))
    return WhatIf(
        segment=segment,
        is_usable=is_usable,
        reason=Name(ru=row.get("reason_ru") or "", en=row.get("reason_en") or "") if row else _NO_NAME,
        predicted=row.get("predicted"),
        observed=row.get("observed"),
        observed_low=row.get("low"),
        observed_high=row.get("high"),
        horizon_days=row.get("horizon_days"),
        won=row.get("won_share"),
        won_low=row.get("won_low"),
        won_high=row.get("won_high"),
        days=row.get("expected_days"),
        customers=None if segment.is_size_hidden else row.get("customer_count"),
        stages=tuple(_stages(ground, segment)) if is_usable else (),
    )


def _may_be_told(row: Row, limits: Limits) -> bool:
    return int(row["customer_count"] or 0) >= limits.thin


def _stages(ground: Ground, segment: SegmentHead) -> list[WhatIfStage]:
    effects = ground.tables.of("what_if_effect", segment.id)
    grids = {stage.id: [row for row in effects if row["stage"] == stage.id] for stage in ground.stages}
    return [_stage(ground, segment.id, stage, grids[stage.id]) for stage in ground.stages if grids[stage.id]]


def _stage(ground: Ground, segment: str, stage: StageHead, rows: Sequence[Row]) -> WhatIfStage:
    drop_off = ground.number(Estimand.DROP_OFF, segment, stage.id)
    told = sorted((row for row in rows if row["won_change"] is not None), key=lambda row: -row["drop_off_change"])
    return WhatIfStage(
        stage=stage,
        drop_off=drop_off,
        customers=drop_off.customers,
        # a share that may not be printed is nothing to play with either
        grid=tuple(_supposed(row) for row in told) if drop_off.is_full else (),
    )


def _supposed(row: Row) -> Supposed:
    return Supposed(
        fewer_lost=-row["drop_off_change"],
        won=row["won_change"],
        won_low=row["won_low"],
        won_high=row["won_high"],
        days=row["days_change"],
        days_low=row["days_low"],
        days_high=row["days_high"],
        is_beyond=BEYOND_SPREAD in str(row["flags"] or "").split(","),
    )
