"""The table `importance`: what hangs on each touchpoint of each segment, with a placebo beside it.

In: `touchpoint_visit`, `touchpoint` and `segment`. Out: `importance`.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.competing_risks import FloatArray
from journey_mining.scoring.differences import e_value
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.metric import Flag
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.removal_effect import Effects, rank_intervals, removal_effects
from journey_mining.scoring.removal_effect_chain import Chain, detour_points
from journey_mining.scoring.removal_effect_states import (
    PLACEBO,
    States,
    Visits,
    plain_states,
    states_of,
    visits_of,
    with_placebo,
)
from journey_mining.scoring.removal_effect_words import importance_sentences, placebo_sentences
from journey_mining.vocabulary import JOURNEY_END, JOURNEY_START, OTHER, Ending
from journey_mining.warehouse import Warehouse

METHOD = "aalen_johansen_chain"
SEED = 20260501
LIKE_PLACEBO = "like_placebo"
"""flag: those who meet it are won no more often than those who meet a touchpoint drawn by lot"""
MERGED = "merged"
"""flag: rare and unnamed touchpoints together"""

_TEXT, _FLOAT, _INT, _BOOL = pa.string(), pa.float64(), pa.int64(), pa.bool_()
IMPORTANCE_SCHEMA = pa.schema(
    [
        *[(name, _TEXT) for name in ("segment", "touchpoint", "name_ru", "name_en")],
        *[(name, _FLOAT) for name in ("reach_share", "removal_effect", "removal_low", "removal_high")],
        *[(name, _FLOAT) for name in ("won_points", "won_points_low", "won_points_high")],
        *[(name, _FLOAT) for name in ("detour_points", "shapley_points", "won_share")],
        *[(name, _INT) for name in ("rank", "rank_low", "rank_high", "customer_count", "journey_count")],
        *[(name, _BOOL) for name in ("is_placebo", "is_order_dependent")],
        *[(name, _FLOAT) for name in ("win_ratio", "win_ratio_low", "win_ratio_high", "e_value")],
        *[(name, _TEXT) for name in ("method", "flags", "sentence_ru", "sentence_en")],
    ]
)


def write_importance(warehouse: Warehouse, reader: Reader) -> pd.DataFrame:
    """Write `importance`, sorted by segment, rank and touchpoint; the rows."""
    visits = warehouse.read("touchpoint_visit", order_by=["journey_id", "visit_no"])
    segments = [str(name) for name in warehouse.read("segment", order_by=["segment_no"])["segment"]]
    told = warehouse.read("touchpoint", order_by=["touchpoint"]).to_dict("records")
    names = {str(row["touchpoint"]): (str(row["name_ru"]), str(row["name_en"])) for row in told}
    names |= {OTHER: ("Прочее", "Other"), PLACEBO: ("Плацебо", "Placebo")}
    rows: list[dict[str, object]] = []
    for segment in segments:
        rows += importance_rows(in_segment(visits, segment), reader, segment=segment, names=names)
    table = pa.Table.from_pylist(rows, schema=IMPORTANCE_SCHEMA)
    warehouse.write("importance", table)
    result: pd.DataFrame = table.to_pandas()
    return result


def importance_rows(
    frame: pd.DataFrame, reader: Reader, *, segment: str, names: dict[str, tuple[str, str]]
) -> list[dict[str, object]]:
    """Rows of one segment; none for one with too few customers, or too few of them won.

    Args:
        frame: `touchpoint_visit` of the segment, sorted by journey and visit.
        reader: settings of the run.
        segment: its id.
        names: Russian and English name of each touchpoint.
    """
    won = frame.loc[frame["next_touchpoint"] == f"{JOURNEY_END}:{Ending.WON}", "person_id"].nunique()
    if frame["person_id"].nunique() < reader.thresholds.thin or won < reader.thresholds.small:
        return []
    visits = visits_of(frame, small=reader.thresholds.small)
    if visits.names == (JOURNEY_START,):
        return []
    placebo = _Fit(with_placebo(visits, seed=SEED), [PLACEBO], remember=False)
    fit = _Fit(visits, list(visits.names[1:]), remember=True)
    limit = float(placebo.effects.log_ratio[0]), placebo.effects.log_ratio_influence[:, 0]
    rows = fit.rows(reader, limit=limit) + placebo.rows(reader, limit=None)
    for row in rows:
        name_ru, name_en = names.get(str(row["touchpoint"]), (str(row["touchpoint"]),) * 2)
        row |= {"segment": segment, "name_ru": name_ru, "name_en": name_en, "method": METHOD}
        row["sentence_ru"], row["sentence_en"] = _sentences(row)
    return sorted(rows, key=lambda row: (row["rank"] or math.inf, row["touchpoint"]))


class _Fit:
    """A chain and the effects of some of its touchpoints."""

    def __init__(self, visits: Visits, touchpoints: list[str], *, remember: bool) -> None:
        self.visits = visits
        self.touchpoints = touchpoints
        self.states: States = states_of(visits) if remember else plain_states(visits)
        groups = [self.states.of_touchpoint[name] for name in touchpoints]
        fitted: tuple[Chain, Effects] = removal_effects(self.states.sojourns, groups)
        self.chain, self.effects = fitted
        self.customers = int(visits.customer.max()) + 1

    def rows(self, reader: Reader, *, limit: tuple[float, FloatArray] | None) -> list[dict[str, object]]:
        ranks = self._ranks(reader)
        credit = shapley_points(self.visits, self.effects.won)
        made = []
        for kind, name in enumerate(self.touchpoints):
            met = self.visits.touchpoint == self.visits.names.index(name)
            customers = len(np.unique(self.visits.customer[met]))
            if customers < reader.thresholds.small:
                continue
            rank, rank_low, rank_high = ranks.get(name, (None, None, None))
            made.append(
                {
                    "touchpoint": name,
                    "customer_count": customers,
                    "journey_count": len(np.unique(self.visits.journey[met])),
                    "detour_points": max(0.0, detour_points(self.chain, self.states.of_touchpoint[name])),
                    "shapley_points": credit[name] if limit else None,
                    "won_share": self.effects.won,
                    "rank": rank,
                    "rank_low": rank_low,
                    "rank_high": rank_high,
                    "is_placebo": name == PLACEBO,
                    "is_order_dependent": name in self.states.dependent,
                    **self._effects(kind, reader),
                    **self._ratio(kind, reader, customers),
                    "flags": ",".join(self._flags(kind, reader, customers, limit)),
                }
            )
        return made

    def _ranks(self, reader: Reader) -> dict[str, tuple[int, int, int]]:
        """Ranks of the touchpoints that have a name."""
        named = [place for place, name in enumerate(self.touchpoints) if name not in (OTHER, PLACEBO)]
        if not named:
            return {}
        effects = Effects(
            won=self.effects.won,
            won_influence=self.effects.won_influence,
            reach=self.effects.reach[named],
            reach_influence=self.effects.reach_influence[:, named],
            points=self.effects.points[named],
            points_influence=self.effects.points_influence[:, named],
        )
        ranks = rank_intervals(effects, confidence=reader.confidence, seed=SEED)
        return dict(zip([self.touchpoints[place] for place in named], ranks, strict=True))

    def _effects(self, kind: int, reader: Reader) -> dict[str, object]:
        effects = self.effects
        points, half = float(effects.points[kind]), reader.z * float(effects.points_error[kind])
        effect, width = float(effects.effect[kind]), reader.z * float(effects.effect_error[kind])
        return {
            "reach_share": float(effects.reach[kind]),
            "won_points": points,
            "won_points_low": max(0.0, points - half),
            "won_points_high": min(1.0, points + half),
            "removal_effect": effect,
            "removal_low": max(0.0, effect - width),
            "removal_high": min(1.0, effect + width),
        }

    def _ratio(self, kind: int, reader: Reader, customers: int) -> dict[str, object]:
        """How much more often those who meet it are won; null where nearly everybody meets it, or nobody wins."""
        log_ratio, error = float(self.effects.log_ratio[kind]), float(self.effects.log_ratio_error[kind])
        if not math.isfinite(log_ratio + error) or self.customers - customers < reader.thresholds.small:
            return dict.fromkeys(("win_ratio", "win_ratio_low", "win_ratio_high", "e_value"))
        ratio, spread = math.exp(log_ratio), math.exp(min(reader.z * error, 50.0))
        return {
            "win_ratio": ratio,
            "win_ratio_low": ratio / spread,
            "win_ratio_high": ratio * spread,
            "e_value": e_value(ratio),
        }

    def _flags(self, kind: int, reader: Reader, customers: int, limit: tuple[float, FloatArray] | None) -> list[str]:
        share = float(self.effects.points[kind] / self.effects.reach[kind]) if self.effects.reach[kind] > 0 else 0.0
        flags = [str(flag) for flag in reader.thresholds.flags(customers, share=share) if flag == Flag.THIN]
        if self.touchpoints[kind] == OTHER:
            flags.append(MERGED)
        if limit is not None and not self._exceeds(kind, reader, *limit):
            flags.append(LIKE_PLACEBO)
        return flags

    def _exceeds(self, kind: int, reader: Reader, log_ratio: float, influence: FloatArray) -> bool:
        """Whether those who meet a touchpoint are shown to be won more often than those who meet the placebo.

        Where nobody wins without it, no ratio can be larger.
        """
        effects = self.effects
        if effects.won > 0 and math.isclose(float(effects.points[kind]), effects.won, rel_tol=1e-6):
            return True
        excess = float(effects.log_ratio[kind]) - log_ratio
        joint = effects.log_ratio_influence[:, kind] - influence
        return bool(excess - reader.z * math.sqrt(float(joint @ joint)) > 0)


def shapley_points(visits: Visits, won: float) -> dict[str, float]:
    """Shapley values of the touchpoints over the sets that won journeys met, in points of P(won).

    With v(S) = journeys won that met touchpoints of S only, a won journey counts once, in equal parts for each
    touchpoint it met: that is the exact value for any number of touchpoints (Zhao, Mahboobi, Bagheri 2018).
    """
    ended = np.zeros(int(visits.journey.max()) + 1, dtype=bool)
    ended[visits.journey[visits.ending == 1]] = True
    met = np.zeros((len(ended), len(visits.names)))
    met[visits.journey, visits.touchpoint] = 1.0
    met = met[ended][:, 1:]
    met = met[met.sum(axis=1) > 0]
    credit = (met / met.sum(axis=1, keepdims=True)).sum(axis=0) / max(1, len(met))
    return {name: won * float(part) for name, part in zip(visits.names[1:], credit, strict=True)}


def _sentences(row: dict[str, object]) -> tuple[str, str]:
    reach, points, won = (float(str(row[name])) for name in ("reach_share", "won_points", "won_share"))
    if row["is_placebo"]:
        return placebo_sentences(reach=reach, points=points, won=won)
    return importance_sentences(str(row["name_ru"]), str(row["name_en"]), reach=reach, points=points, won=won)
