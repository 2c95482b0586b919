"""Visits of touchpoints as states of a chain: rare ones merged, those with a memory split, and a placebo put in.

A state is a touchpoint in a stage: the blog of somebody who decides leads elsewhere than that of somebody who looks
around, and those who look around are followed longer after it than those who decide. A chain that mixes the two would
take the ways of the early ones, who are more of those seen, for the ways of all.

In: `touchpoint_visit` of one segment, sorted by journey and visit. Out: `Sojourns` and which states stand for what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import FloatArray, IntArray
from journey_mining.scoring.order_check import dependent_states
from journey_mining.scoring.removal_effect_chain import OPEN, START, Sojourns
from journey_mining.vocabulary import JOURNEY_END, JOURNEY_START, OTHER, Ending

MIN_VISITS = 30
"""touchpoints with fewer visits are merged into `OTHER`"""
MOST_ORIGINS = 3
"""a state with a memory is split by so many previous touchpoints; the rest stay together"""
PLACEBO = "placebo"
"""a touchpoint that nobody met: its visits are drawn by lot"""
_LENGTHS = (2, 3, 5, 9, 17)
"""journeys are strata by their number of visits; the lot is drawn within these bounds"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Visits of one segment as arrays of one length, sorted by journey and visit; the start is a visit too."""

    journey: IntArray
    customer: IntArray
    label: IntArray
    """touchpoint and stage of the visit, as a place in `owner`; 0 is the start"""
    owner: IntArray
    """touchpoint of each label, as a place in `names`"""
    names: tuple[str, ...]
    ending: IntArray
    """0 where another visit follows, 1 won, 2 lost, `OPEN` while the stay has not ended"""
    time: FloatArray
    """days"""

    @property
    def touchpoint(self) -> IntArray:
        """Touchpoint of each visit, as a place in `names`."""
        return self.owner[self.label]


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Sojourns, and the states of every touchpoint."""

    sojourns: Sojourns
    of_touchpoint: dict[str, list[int]]
    dependent: frozenset[str]
    """touchpoints that were split by what came before"""


def visits_of(frame: pd.DataFrame, *, small: int) -> Visits:
    """Visits with the touchpoints of fewer than `MIN_VISITS` visits or `small` customers merged."""
    sizes = frame.groupby("touchpoint")["person_id"].agg(["size", "nunique"])
    rare = set(sizes.index[(sizes["size"] < MIN_VISITS) | (sizes["nunique"] < small)]) - {JOURNEY_START}
    touchpoint = frame["touchpoint"].where(~frame["touchpoint"].isin(rare), OTHER)
    names = (JOURNEY_START, *sorted(set(touchpoint) - {JOURNEY_START}))
    place = {name: number for number, name in enumerate(names)}
    label, owner = _labels(touchpoint.map(place).to_numpy(np.int64), frame["stage_no"].to_numpy(np.int64))
    ends = {"": OPEN, f"{JOURNEY_END}:{Ending.WON}": 1, f"{JOURNEY_END}:{Ending.LOST}": 2}
    return Visits(
        journey=pd.factorize(frame["journey_id"])[0].astype(np.int64),
        customer=pd.factorize(frame["person_id"], sort=True)[0].astype(np.int64),
        label=label,
        owner=owner,
        names=names,
        ending=np.array([ends.get(name, 0) for name in frame["next_touchpoint"].fillna("")], dtype=np.int64),
        time=frame["time_days"].to_numpy(np.float64),
    )


def _labels(touchpoint: IntArray, stage: IntArray) -> tuple[IntArray, IntArray]:
    """Label of each visit and touchpoint of each label; a rare pair goes with the nearest stage of its touchpoint."""
    stages = int(stage.max()) + 1
    counts = np.bincount(touchpoint * stages + stage, minlength=(int(touchpoint.max()) + 1) * stages)
    table = counts.reshape(-1, stages)
    home = np.tile(np.arange(stages), (len(table), 1))
    for place, row in enumerate(table):
        usual = np.flatnonzero(row >= MIN_VISITS)
        usual = usual if len(usual) else np.array([row.argmax()])
        home[place] = usual[np.abs(usual[None, :] - np.arange(stages)[:, None]).argmin(axis=1)]
    pairs, label = np.unique(touchpoint * stages + home[touchpoint, stage], return_inverse=True)
    return label.astype(np.int64), (pairs // stages).astype(np.int64)


def states_of(visits: Visits) -> States:
    """States of a chain: the labels, split by the previous touchpoint where the order check asks for it."""
    labels = len(visits.owner)
    before = _previous(visits)
    target = _target(visits, visits.label, labels)
    unsplit = {START, *np.flatnonzero(visits.owner == _place(visits.names, OTHER)).tolist()}
    found = dependent_states(visits.label, before, target, visits.customer, labels)
    split = [label for label in found if label not in unsplit]
    state, owners = _split(visits, before, split)
    return States(
        sojourns=_sojourns(visits, state, len(owners)),
        of_touchpoint=_by_touchpoint(visits.names, owners),
        dependent=frozenset(visits.names[visits.owner[label]] for label in split),
    )


def plain_states(visits: Visits) -> States:
    """States of a chain without memory: the labels as they are."""
    sojourns = _sojourns(visits, visits.label, len(visits.owner))
    of_touchpoint = _by_touchpoint(visits.names, visits.owner.tolist())
    return States(sojourns=sojourns, of_touchpoint=of_touchpoint, dependent=frozenset())


def _place(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1


def _by_touchpoint(names: tuple[str, ...], owners: list[int]) -> dict[str, list[int]]:
    states: dict[str, list[int]] = {name: [] for name in names}
    for state, owner in enumerate(owners):
        states[names[owner]].append(state)
    return states


def with_placebo(visits: Visits, *, seed: int) -> Visits:
    """Visits with a touchpoint put in by lot, met by as many journeys of each length as the median touchpoint.

    Who meets it is a permutation, within journeys of about one length, of who met the touchpoint of median reach; when
    is uniform over the visits of a journey and over the stay it interrupts.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    chosen = _permuted_journeys(visits, rng)
    rows = np.sort([_one_visit(visits, journey, rng) for journey in chosen]).astype(np.int64)
    share = rng.random(len(rows))
    time = visits.time.copy()
    time[rows] *= share
    order = np.argsort(np.concatenate([np.arange(len(time)), rows + 0.5]), kind="stable")
    ending = visits.ending.copy()
    ending[rows] = 0

    def woven(kept: np.ndarray, added: np.ndarray) -> np.ndarray:
        return np.concatenate([kept, added])[order]

    return Visits(
        journey=woven(visits.journey, visits.journey[rows]),
        customer=woven(visits.customer, visits.customer[rows]),
        label=woven(visits.label, np.full(len(rows), len(visits.owner))),
        owner=np.append(visits.owner, len(visits.names)),
        names=(*visits.names, PLACEBO),
        ending=woven(ending, visits.ending[rows]),
        time=woven(time, visits.time[rows] * (1 - share)),
    )


def _permuted_journeys(visits: Visits, rng: np.random.Generator) -> list[int]:
    """Journeys that meet the placebo, sorted."""
    met = np.zeros((int(visits.journey.max()) + 1, len(visits.names)), dtype=bool)
    met[visits.journey, visits.touchpoint] = True
    reach = met.sum(axis=0)
    by_reach = sorted(range(1, len(visits.names)), key=lambda place: (reach[place], place))
    model = met[:, by_reach[len(by_reach) // 2]]
    length = np.bincount(visits.journey)
    strata = np.searchsorted(_LENGTHS, length, "right")
    chosen: list[int] = []
    for stratum in range(len(_LENGTHS) + 1):
        # a journey of a start alone has no touchpoint after which something could be put
        journeys = np.flatnonzero((strata == stratum) & (length > 1))
        chosen += rng.permutation(journeys)[: int(model[journeys].sum())].tolist()
    return sorted(chosen)


def _one_visit(visits: Visits, journey: int, rng: np.random.Generator) -> int:
    first = int(np.searchsorted(visits.journey, journey, "left"))
    end = int(np.searchsorted(visits.journey, journey, "right"))
    return int(rng.integers(first + 1, end))


def _previous(visits: Visits) -> IntArray:
    """Touchpoint before each visit, `OPEN` for the first."""
    before = np.concatenate([[OPEN], visits.touchpoint[:-1]])
    is_first = np.concatenate([[True], visits.journey[1:] != visits.journey[:-1]])
    return np.where(is_first, OPEN, before)


def _target(visits: Visits, state: IntArray, states: int) -> IntArray:
    following = np.concatenate([state[1:], [OPEN]])
    ended = np.where(visits.ending > 0, states + visits.ending - 1, OPEN)
    return np.where(visits.ending == 0, following, ended)


def _sojourns(visits: Visits, state: IntArray, states: int) -> Sojourns:
    return Sojourns(
        source=state,
        target=_target(visits, state, states),
        time=visits.time,
        delay=np.zeros(len(state)),
        customer=visits.customer,
        states=states,
    )


def _split(visits: Visits, before: IntArray, split: list[int]) -> tuple[IntArray, list[int]]:
    """States after splitting, and the touchpoint of each; the most usual origins get a state of their own."""
    state, owners = visits.label.copy(), visits.owner.tolist()
    for label in split:
        mine = visits.label == label
        counts = np.bincount(before[mine] + 1, minlength=len(visits.names) + 1)[1:]
        origins = [place for place in np.argsort(-counts, kind="stable") if counts[place] >= MIN_VISITS]
        for origin in origins[:MOST_ORIGINS]:
            # the state that keeps the old number needs visits of its own
            if int((mine & (state == label)).sum()) - int(counts[origin]) < MIN_VISITS:
                break
            state[mine & (before == origin)] = len(owners)
            owners.append(int(visits.owner[label]))
    return state, owners
