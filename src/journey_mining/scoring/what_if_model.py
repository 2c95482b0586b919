"""A chain of stages that answers what would follow if fewer were lost in one of them.

An absorbing semi-Markov chain: transitions are the Aalen-Johansen incidences of where a stage leads, days are the
restricted mean stay (Kemeny, Snell 1960; Aalen, Borgan, Gjessing 2008). It is believed only where it reproduces the
share that reached the goal within the horizon, which is estimated without any chain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import FloatArray, IntArray
from journey_mining.scoring.removal_effect_chain import (
    OPEN,
    START,
    Chain,
    Sojourns,
    customer_draws,
    fit_chain,
    solve_chain,
)
from journey_mining.vocabulary import JOURNEY_END, JOURNEY_START, Ending

STEPS_PER_DAY = 4
"""grid on which the share that is won within a horizon is computed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChain:
    """The fitted chain of one segment; the first weighting is the estimate, the others are draws of customers."""

    names: tuple[str, ...]
    """states: the start, then stages in order"""
    sojourns: Sojourns
    chain: Chain

    def place(self, stage: str) -> int:
        """Number of a stage in the chain."""
        return self.names.index(stage)

    @property
    def won(self) -> int:
        """Number of the state won."""
        return len(self.names)

    @property
    def lost(self) -> int:
        """Number of the state lost."""
        return len(self.names) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is supposed of one stage."""

    stage: str
    fewer_lost: float = 0.0
    """share x of its losses that does not happen; they go where the others go, in proportion"""
    shorter_stay: float = 0.0
    """share of the stay that is saved"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What follows from changes: differences to the chain as it is, with their intervals."""

    won_change: float
    won_low: float
    won_high: float
    days_change: float
    days_low: float
    days_high: float


def stage_chain(frame: pd.DataFrame, stages: list[str], *, small: int, seed: int) -> StageChain | None:
    """Fit the chain of a segment; None where nobody's start was seen or no stage has enough customers.

    Args:
        frame: `stage_sojourn` of the segment, sorted by journey and episode.
        stages: ids in order.
        small: ways that fewer customers took are left out, as are stages with fewer; the rest keep their proportions.
        seed: of the draws of customers.
    """
    sizes = frame.groupby("stage")["person_id"].nunique()
    kept = [stage for stage in (JOURNEY_START, *stages) if sizes.get(stage, 0) >= small]
    if len(kept) == 1 or kept[:1] != [JOURNEY_START]:
        return None
    ways = frame.dropna(subset=["next_stage"]).groupby(["stage", "next_stage"])["person_id"].nunique()
    ends = (f"{JOURNEY_END}:{Ending.WON}", f"{JOURNEY_END}:{Ending.LOST}")
    target = {name: number for number, name in enumerate((*kept, *ends))}
    usual = {tuple(way) for way in ways.index[ways >= small] if way[1] in target}
    pairs = list(zip(frame["stage"], frame["next_stage"], strict=True))
    is_open = frame["next_stage"].isna().to_numpy()
    shown = np.array([pair in usual for pair in pairs], dtype=bool) | is_open
    rows = frame[shown & frame["stage"].isin(kept).to_numpy()]
    customer = pd.factorize(rows["person_id"], sort=True)[0].astype(np.int64)
    sojourns = Sojourns(
        source=np.array([target[name] for name in rows["stage"]], dtype=np.int64),
        target=np.array([target.get(name, OPEN) for name in rows["next_stage"]], dtype=np.int64),
        time=rows["time_days"].to_numpy(np.float64),
        delay=rows["delay_days"].to_numpy(np.float64),
        customer=customer,
        states=len(kept),
    )
    weights = customer_draws(int(customer.max()) + 1, seed=seed)
    return StageChain(names=tuple(kept), sojourns=sojourns, chain=fit_chain(sojourns, weights))


def what_if(model: StageChain, changes: list[Change], *, z: float) -> Outcome:
    """What follows from the changes, all together; every draw is changed as the estimate is.

    `z` is the normal quantile of the interval, which is the estimate plus or minus z standard deviations of the draws.
    """
    transition, sojourn = model.chain.transition.copy(), model.chain.sojourn.copy()
    for change in changes:
        place = model.place(change.stage)
        transition[:, place, :] = fewer_lost(transition[:, place, :], model.lost, change.fewer_lost)
        sojourn[:, place] *= 1 - change.shorter_stay
    after = solve_chain(transition, sojourn)
    won = after.won[:, START] - model.chain.won[:, START]
    days = after.days - model.chain.days
    won_half, days_half = z * float(won[1:].std(ddof=1)), z * float(days[1:].std(ddof=1))
    return Outcome(
        won_change=float(won[0]),
        won_low=float(won[0]) - won_half,
        won_high=float(won[0]) + won_half,
        days_change=float(days[0]),
        days_low=float(days[0]) - days_half,
        days_high=float(days[0]) + days_half,
    )


def fewer_lost(shares: FloatArray, lost: int, share: float) -> FloatArray:
    """Shares of a stage's ways out when `share` of its losses go the other ways, in proportion; shape (D, ways).

    A stage that only loses stays as it is: there is no other way that anybody could take.
    """
    freed = shares[:, lost] * share
    rest = 1 - shares[:, lost]
    factor = np.where(rest > 0, 1 + freed / np.where(rest > 0, rest, 1.0), 1.0)
    changed = shares * factor[:, None]
    changed[:, lost] = np.where(rest > 0, shares[:, lost] - freed, shares[:, lost])
    return changed


def won_within(model: StageChain, days: int) -> float:
    """Share of started journeys that the chain lets be won within so many days of their start.

    Entries into the stages are followed on a grid of quarter days: those who enter at a time leave after a stay that
    has the incidences of the stage, normalised as the chain is.
    """
    steps = days * STEPS_PER_DAY
    count = len(model.names)
    leaves = np.array([_kernel(model, state, steps) for state in range(count)])
    entered = np.zeros((steps + 1, count))
    won = np.zeros(steps + 1)
    entered[0] = leaves[START].sum(axis=0)[:count]
    for step in range(steps + 1):
        now = entered[step].copy()
        # what enters goes on later; a way of no time at all takes one step
        rest = steps - step
        flow = np.einsum("s,stk->tk", now, leaves[:, 1 : rest + 1, :])
        entered[step + 1 :] += flow[:, :count]
        won[step + 1 :] += flow[:, count]
    return float(won.sum())


def _kernel(model: StageChain, state: int, steps: int) -> FloatArray:
    """Share that leaves a state for each destination at each step of the grid; shape (steps + 1, S + 2)."""
    sojourns = model.sojourns
    rows = np.flatnonzero(sojourns.source == state)
    result = np.zeros((steps + 1, len(model.names) + 2))
    ended = sojourns.target[rows] != OPEN
    if not ended.any():
        return result
    taken, mass = _mass(sojourns.time[rows], sojourns.delay[rows], ended)
    target = sojourns.target[rows][ended]
    first = 0 if state == START else 1
    place = np.clip(np.rint(taken * STEPS_PER_DAY).astype(np.int64), first, None)
    inside = place <= steps
    np.add.at(result, (place[inside], target[inside]), mass[inside] / mass.sum())
    return result


def _mass(time: FloatArray, delay: FloatArray, ended: IntArray | np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Times of the exits and the Aalen-Johansen mass of each."""
    order = np.sort(time)
    taken = time[ended]
    moments, place, counts = np.unique(taken, return_inverse=True, return_counts=True)
    at_risk = len(time) - np.searchsorted(order, moments, "left")
    at_risk = at_risk - (len(time) - np.searchsorted(np.sort(delay), moments, "left")) if delay.any() else at_risk
    risk = np.maximum(at_risk, counts).astype(np.float64)
    survival = np.cumprod(1 - counts / risk)
    before = np.concatenate([[1.0], survival[:-1]])
    return taken, (before / risk)[place]
