"""The tables of what-if: whether the chain of a segment is believed, its numbers, and what follows on a grid.

In: `stage_sojourn`, `stage`, `segment` and the goal reached in `metric_value`. Out: `what_if_model`,
`what_if_transition`, `what_if_effect`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.intervals import normal_quantile
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.removal_effect_chain import START
from journey_mining.scoring.what_if_model import Change, Outcome, StageChain, stage_chain, what_if, won_within
from journey_mining.vocabulary import ALL_SEGMENTS, JOURNEY_END, Ending, Estimand
from journey_mining.warehouse import Warehouse

MAX_GAP = 0.03
"""a chain that misses the observed share by more is not believed"""
CONFIDENCE = 0.90
"""of the intervals of what-if; said in the column names' documentation and in `method`"""
METHOD = "semi_markov_bootstrap_90"
FEWER_LOST = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
"""shares of a stage's losses that are supposed not to happen"""
SEED = 20260502
BEYOND_SPREAD = "beyond_spread"
"""flag: no segment loses so few in this stage; the target is a fantasy"""
LOSS_HIDDEN = "loss_hidden"
"""flag: too few customers are lost here to be told, so that nothing can be supposed of them"""

_TEXT, _FLOAT, _INT, _BOOL = pa.string(), pa.float64(), pa.int64(), pa.bool_()
MODEL_SCHEMA = pa.schema(
    [
        ("segment", _TEXT),
        ("is_usable", _BOOL),
        *[(name, _TEXT) for name in ("reason", "reason_ru", "reason_en")],
        *[(name, _FLOAT) for name in ("predicted", "observed", "low", "high")],
        ("horizon_days", _INT),
        *[(name, _FLOAT) for name in ("won_share", "won_low", "won_high", "expected_days")],
        ("customer_count", _INT),
        ("method", _TEXT),
    ]
)
TRANSITION_SCHEMA = pa.schema(
    [
        *[(name, _TEXT) for name in ("segment", "stage", "next_stage")],
        *[(name, _FLOAT) for name in ("probability", "mean_days")],
        ("customer_count", _INT),
    ]
)
EFFECT_SCHEMA = pa.schema(
    [
        *[(name, _TEXT) for name in ("segment", "stage")],
        *[(name, _FLOAT) for name in ("drop_off_change", "drop_off_points")],
        *[(name, _FLOAT) for name in ("won_change", "won_low", "won_high")],
        *[(name, _FLOAT) for name in ("days_change", "days_low", "days_high", "largest_change")],
        ("customer_count", _INT),
        *[(name, _TEXT) for name in ("method", "flags")],
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Share that reached the goal within the horizon, estimated without a chain."""

    share: float
    low: float
    high: float
    horizon_days: int


def write_what_if(warehouse: Warehouse, reader: Reader) -> dict[str, int]:
    """Write the three tables; row counts by table. Only chains that are believed have transitions and effects."""
    frame = warehouse.read("stage_sojourn", order_by=["journey_id", "episode_no"])
    stages = [str(name) for name in warehouse.read("stage", order_by=["stage_no"])["stage"]]
    segments = [str(name) for name in warehouse.read("segment", order_by=["segment_no"])["segment"]]
    observed = _observed(warehouse)
    small, thin = reader.thresholds.small, reader.thresholds.thin
    fitted: dict[str, StageChain] = {}
    models: list[dict[str, object]] = []
    for segment in segments:
        rows = in_segment(frame, segment)
        customers = int(rows["person_id"].nunique())
        if customers < thin:
            continue
        chain = stage_chain(rows, stages, small=small, seed=SEED)
        models.append(model_row(chain, observed.get(segment), segment=segment, customers=customers))
        if chain is not None:
            fitted[segment] = chain
    usable = [str(row["segment"]) for row in models if row["is_usable"]]
    transitions = [row for segment in usable for row in transition_rows(fitted[segment], segment=segment)]
    effects = effect_rows(fitted, usable, thin=thin)
    tables = {
        "what_if_model": pa.Table.from_pylist(models, schema=MODEL_SCHEMA),
        "what_if_transition": pa.Table.from_pylist(transitions, schema=TRANSITION_SCHEMA),
        "what_if_effect": pa.Table.from_pylist(effects, schema=EFFECT_SCHEMA),
    }
    for name, table in tables.items():
        warehouse.write(name, table)
    return {name: table.num_rows for name, table in tables.items()}


def model_row(
    chain: StageChain | None, observed: Observed | None, *, segment: str, customers: int
) -> dict[str, object]:
    """Whether the chain of a segment reproduces what was observed, and why not."""
    row: dict[str, object] = {"segment": segment, "customer_count": customers, "method": METHOD, "is_usable": False}
    if chain is None or observed is None:
        return row | _reason("no_estimate")
    predicted = won_within(chain, observed.horizon_days)
    is_usable = abs(predicted - observed.share) <= MAX_GAP
    won = chain.chain.won[:, START]
    half = normal_quantile(CONFIDENCE) * float(won[1:].std(ddof=1))
    return row | {
        "is_usable": is_usable,
        **_reason("" if is_usable else "misses_observed", predicted, observed.share),
        "predicted": predicted,
        "observed": observed.share,
        "low": observed.low,
        "high": observed.high,
        "horizon_days": observed.horizon_days,
        "won_share": float(won[0]),
        "won_low": max(0.0, float(won[0]) - half),
        "won_high": min(1.0, float(won[0]) + half),
        "expected_days": float(chain.chain.days[0]),
    }


def transition_rows(chain: StageChain, *, segment: str) -> list[dict[str, object]]:
    """Ways that at least `small_cell` customers took, with the mean days of the stage they leave."""
    ends = (f"{JOURNEY_END}:{Ending.WON}", f"{JOURNEY_END}:{Ending.LOST}")
    rows: list[dict[str, object]] = []
    for state, stage in enumerate(chain.names):
        for target, following in enumerate((*chain.names, *ends)):
            share = float(chain.chain.transition[0, state, target])
            took = (chain.sojourns.source == state) & (chain.sojourns.target == target)
            if not took.any():
                continue
            rows.append(
                {
                    "segment": segment,
                    "stage": stage,
                    "next_stage": following,
                    "probability": share,
                    "mean_days": float(chain.chain.sojourn[0, state]),
                    "customer_count": len(np.unique(chain.sojourns.customer[took])),
                }
            )
    return rows


def effect_rows(chains: dict[str, StageChain], usable: list[str], *, thin: int) -> list[dict[str, object]]:
    """What follows in each usable segment and stage if fewer were lost, for each share of `FEWER_LOST`.

    Segments whose chain is not believed still say how few can be lost in a stage: that needs no chain.
    """
    z = normal_quantile(CONFIDENCE)
    rows: list[dict[str, object]] = []
    for segment in usable:
        chain = chains[segment]
        for stage in chain.names[1:]:
            customers = _customers(chain, stage)
            if customers < thin:
                continue
            largest = largest_change(chains, segment, stage, thin=thin)
            own = _lost_share(chain, stage)
            for share in FEWER_LOST:
                outcome = what_if(chain, [Change(stage=stage, fewer_lost=share)], z=z)
                rows.append(
                    {
                        "segment": segment,
                        "stage": stage,
                        "drop_off_change": -share,
                        "drop_off_points": -share * own,
                        **_told(outcome, is_hidden=own == 0),
                        "largest_change": -largest if own else None,
                        "customer_count": customers,
                        "method": METHOD,
                        "flags": _flags(share, largest, own),
                    }
                )
    return rows


def largest_change(chains: dict[str, StageChain], segment: str, stage: str, *, thin: int) -> float:
    """Share of its losses that a segment would spare in a stage if it were as good as the best segment there.

    For everybody it is as far as everybody is from the best segment. Only segments with enough customers are models.
    """
    others = [
        _lost_share(chain, stage)
        for name, chain in chains.items()
        if name != ALL_SEGMENTS and stage in chain.names and _customers(chain, stage) >= thin
    ]
    # a loss that is hidden is no example either
    shown = [share for share in others if share > 0]
    own = _lost_share(chains[segment], stage)
    return max(0.0, 1 - min(shown) / own) if shown and own > 0 else 0.0


def _customers(chain: StageChain, stage: str) -> int:
    return len(np.unique(chain.sojourns.customer[chain.sojourns.source == chain.place(stage)]))


def _lost_share(chain: StageChain, stage: str) -> float:
    return float(chain.chain.transition[0, chain.place(stage), chain.lost])


def _told(outcome: Outcome, *, is_hidden: bool) -> dict[str, object]:
    names = ("won_change", "won_low", "won_high", "days_change", "days_low", "days_high")
    return {name: None if is_hidden else getattr(outcome, name) for name in names}


def _flags(share: float, largest: float, own: float) -> str:
    if own == 0:
        return LOSS_HIDDEN
    return BEYOND_SPREAD if share > largest else ""


def _reason(code: str, predicted: float = 0.0, observed: float = 0.0) -> dict[str, object]:
    """Why a chain is not believed: a word, and a sentence in both languages; empty where it is."""
    missed_ru = (
        f"Модель предсказывает {_ru(predicted)} % дошедших до цели, а наблюдается {_ru(observed)} %: "
        f"расхождение больше {100 * MAX_GAP:.0f} п. п., поэтому ей нельзя верить."
    )
    missed_en = (
        f"The model predicts that {100 * predicted:.1f}% reach the goal and {100 * observed:.1f}% are observed: "
        f"more than {100 * MAX_GAP:.0f} points apart, so that it cannot be believed."
    )
    few = ("Слишком мало путей, у которых видно начало.", "Too few journeys whose start was seen.")
    sentences = {"": ("", ""), "no_estimate": few, "misses_observed": (missed_ru, missed_en)}
    russian, english = sentences[code]
    return {"reason": code, "reason_ru": russian, "reason_en": english}


def _ru(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",")


def _observed(warehouse: Warehouse) -> dict[str, Observed]:
    """Share that reached the goal within the horizon by segment; segments without an estimate are absent."""
    metrics: pd.DataFrame = warehouse.read("metric_value", order_by=["estimand", "segment", "stage"])
    goal = metrics[(metrics["estimand"] == Estimand.GOAL_REACHED) & metrics["interval_low"].notna()]
    return {
        str(row["segment"]): Observed(
            share=float(row["estimate"]),
            low=float(row["interval_low"]),
            high=float(row["interval_high"]),
            horizon_days=int(row["horizon_days"]),
        )
        for row in goal.to_dict("records")
    }
