from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.differences import e_value
from journey_mining.scoring.order_check import dependent_states, order_test
from journey_mining.scoring.removal_effect import rank_intervals, removal_effects
from journey_mining.scoring.removal_effect_chain import customer_draws, fit_chain, removal
from journey_mining.scoring.removal_effect_states import PLACEBO, plain_states, states_of, visits_of, with_placebo
from journey_mining.scoring.removal_effect_table import importance_rows, shapley_points

NAMES = {"a": ("А", "A"), "b": ("Б", "B"), "c": ("В", "C")}
WON, LOST = "journey_end:won", "journey_end:lost"
# start, ads, pricing, demo, then won and lost
WORLD = np.array(
    [[0, 0.7, 0.3, 0, 0, 0], [0, 0, 0.5, 0.1, 0, 0.4], [0, 0.1, 0, 0.5, 0.1, 0.3], [0, 0, 0.1, 0, 0.5, 0.4]]
)
TRUTH = {"won": 0.29444, "points": [0.18391, 0.25944, 0.22602]}


def journeys(*paths: str, stage_no: int = 1) -> pd.DataFrame:
    """Visits of paths such as 'ab+' (won), 'a-' (lost) or 'ab' (open); one customer each, a day a visit."""
    rows = []
    for number, path in enumerate(paths):
        steps = ["journey_start", *path.rstrip("+-")]
        end = {"+": WON, "-": LOST}.get(path[-1])
        for no, step in enumerate(steps):
            following = steps[no + 1] if no + 1 < len(steps) else end
            rows.append((f"j{number:05d}", f"p{number:05d}", no, step, stage_no, following, float(no > 0)))
    columns = ["journey_id", "person_id", "visit_no", "touchpoint", "stage_no", "next_touchpoint", "time_days"]
    return pd.DataFrame(rows, columns=columns)


def simulated(seed: int, count: int = 1500, *, follow_up: float = 120.0) -> pd.DataFrame:
    """Journeys of the chain `WORLD`: slow to win, lost after 60 days of silence, cut by the end of the data."""
    rng = np.random.Generator(np.random.PCG64(seed))
    rows = []
    for number in range(count):
        state, at, no, seen = 0, 0.0, 0, float(rng.uniform(0, follow_up))
        while state < 4:
            target = int(rng.choice(6, p=WORLD[state]))
            median = 25.0 if target == 4 else 3.0
            stay = 60.0 if target == 5 else min(median * np.exp(0.8 * rng.standard_normal()), 59.9)
            stay = 0.0 if state == 0 else stay
            name = ("journey_start", "a", "b", "c")[state]
            is_open = at + stay > seen
            following = None if is_open else ("", "a", "b", "c", WON, LOST)[target]
            rows.append((f"j{number:05d}", f"p{number:05d}", no, name, 1, following, seen - at if is_open else stay))
            if is_open:
                break
            state, at, no = target, at + stay, no + 1
    columns = ["journey_id", "person_id", "visit_no", "touchpoint", "stage_no", "next_touchpoint", "time_days"]
    return pd.DataFrame(rows, columns=columns)


def effects_of(frame: pd.DataFrame):
    states = plain_states(visits_of(frame, small=10))
    return removal_effects(states.sojourns, [states.of_touchpoint[name] for name in "abc"])[1]


def test_the_worked_example_from_paths() -> None:
    # 2x g>won, m>won, g>m>won, g>lost
    frame = journeys(*["a+"] * 80, *["b+"] * 40, *["ab+"] * 40, *["a-"] * 40)
    states = plain_states(visits_of(frame, small=10))
    effects = removal_effects(states.sojourns, [states.of_touchpoint["a"], states.of_touchpoint["b"]])[1]
    assert effects.won == pytest.approx(0.8)
    assert effects.effect.tolist() == pytest.approx([0.75, 0.5])


def test_errors_equal_the_customer_bootstrap() -> None:
    frame = simulated(1, 400)
    states = plain_states(visits_of(frame, small=10))
    effects = removal_effects(states.sojourns, [states.of_touchpoint[name] for name in "abc"])[1]
    drawn = fit_chain(states.sojourns, customer_draws(400, seed=3, draws=300))
    for place, name in enumerate("abc"):
        again = removal(drawn, states.of_touchpoint[name])
        assert effects.points_error[place] == pytest.approx(again.won_points[1:].std(ddof=1), rel=0.15)
        assert effects.log_ratio_error[place] == pytest.approx(np.log(again.win_ratio[1:]).std(ddof=1), rel=0.2)
    assert effects.won_error == pytest.approx(drawn.won[1:, 0].std(ddof=1), rel=0.15)


def test_the_constants_of_the_world_are_its_exact_answers() -> None:
    inner = WORLD[:, :4]
    assert np.linalg.solve(np.eye(4) - inner, WORLD[:, 4])[0] == pytest.approx(TRUTH["won"], abs=1e-4)
    for place in (1, 2, 3):
        cut = inner.copy()
        cut[:, place] = 0
        without = np.linalg.solve(np.eye(4) - cut, WORLD[:, 4])[0]
        assert TRUTH["won"] - without == pytest.approx(TRUTH["points"][place - 1], abs=1e-4)


@pytest.mark.slow
def test_censoring_biases_nothing_and_intervals_cover_the_truth() -> None:
    truth = np.array([TRUTH["won"], *TRUTH["points"]])
    estimates, covered = [], []
    for seed in range(150):
        effects = effects_of(simulated(100 + seed, 500))
        estimate = np.array([effects.won, *effects.points])
        error = np.array([effects.won_error, *effects.points_error])
        estimates.append(estimate)
        covered.append(np.abs(estimate - truth) <= 1.959964 * error)
    assert np.abs(np.mean(estimates, axis=0) - truth).max() < 0.006
    assert 0.92 <= np.mean(covered) <= 0.97


def test_counting_open_journeys_as_lost_would_be_far_off() -> None:
    frame = simulated(5)
    naive = effects_of(frame.assign(next_touchpoint=frame["next_touchpoint"].fillna(LOST)))
    assert effects_of(frame).won == pytest.approx(TRUTH["won"], abs=0.04)
    assert naive.won < TRUTH["won"] - 0.08


def test_ranks_that_chance_could_swap_share_their_interval() -> None:
    paths = ["a+"] * 61 + ["b+"] * 60 + ["c+"] * 10 + ["a-", "b-", "c-"] * 40
    ranks = rank_intervals(effects_of(journeys(*paths)), confidence=0.95, seed=1)
    assert [rank for rank, _, _ in ranks] == [1, 2, 3]
    assert ranks[0][1:] == (1, 2)
    assert ranks[2][1:] == (3, 3)


def test_a_way_on_that_depends_on_the_way_there_is_found() -> None:
    previous, following = (
        np.repeat([0, 1], 200),
        np.concatenate([np.repeat([2, 3], [150, 50]), np.repeat([2, 3], [50, 150])]),
    )
    dependent, independent = order_test(previous, following), order_test(previous, np.tile([2, 3], 200))
    assert dependent.p_value < 1e-6
    assert dependent.effect == pytest.approx(0.5, abs=0.03)
    assert independent.p_value == pytest.approx(1)


def test_rare_ways_are_merged_before_they_are_tested() -> None:
    assert order_test(np.array([0, 0, 1, 2]), np.array([3, 4, 5, 6])).p_value == 1
    assert order_test(np.array([], dtype=int), np.array([], dtype=int)).p_value == 1


def test_repeated_visits_of_one_customer_are_no_evidence() -> None:
    previous, target = np.tile([0, 1], 200), np.tile([2, 3], 200)
    assert dependent_states(np.full(400, 4), previous, target, np.zeros(400, dtype=int), 5) == []
    assert dependent_states(np.full(400, 4), previous, target, np.arange(400), 5) == [4]


def test_a_state_with_a_memory_is_split_by_what_came_before() -> None:
    """Demo wins for those who saw pricing: .7 against .1; the removal effect of pricing is .81, not .38."""
    paths = ["a-"] * 200 + ["ab+"] * 210 + ["ab-"] * 90 + ["b+"] * 50 + ["b-"] * 450
    visits = visits_of(journeys(*paths), small=10)
    plain, states = plain_states(visits), states_of(visits)
    first_order = removal_effects(plain.sojourns, [plain.of_touchpoint["a"]])[1].effect[0]
    remembered = removal_effects(states.sojourns, [states.of_touchpoint["a"]])[1].effect[0]
    assert (first_order, remembered) == (pytest.approx(0.375, abs=0.01), pytest.approx(0.808, abs=0.01))
    assert states.dependent == {"b"}


def test_rare_touchpoints_are_merged() -> None:
    visits = visits_of(journeys(*["a+"] * 40, *["c-"] * 29), small=10)
    assert visits.names == ("journey_start", "a", "other")


def test_a_rare_stage_goes_with_the_nearest_one() -> None:
    frame = pd.concat([journeys(*["a+"] * 40), journeys(*["a-"] * 40, stage_no=5), journeys(*["a-"] * 5, stage_no=4)])
    frame = frame.assign(journey_id=frame["journey_id"] + frame["stage_no"].astype(str))
    frame.loc[frame["visit_no"] == 0, "stage_no"] = 0
    visits = visits_of(frame, small=10)
    assert np.bincount(visits.label).tolist() == [85, 40, 45]


def test_the_placebo_keeps_every_total() -> None:
    frame = simulated(7, 300)
    visits = visits_of(frame, small=10)
    woven = with_placebo(visits, seed=1)
    assert woven.time.sum() == pytest.approx(visits.time.sum())
    assert np.bincount(woven.ending + 1)[[0, 2, 3]].tolist() == np.bincount(visits.ending + 1)[[0, 2, 3]].tolist()
    assert woven.names[-1] == PLACEBO
    again = with_placebo(visits, seed=1)
    assert (woven.label == again.label).all()


def test_rows_name_the_placebo_and_never_rank_it(reader) -> None:
    rows = importance_rows(simulated(8, 800), reader, segment="all", names=NAMES)
    placebo = [row for row in rows if row["is_placebo"]]
    assert [row["touchpoint"] for row in placebo] == [PLACEBO]
    assert placebo[0]["rank"] is None
    assert "It does nothing" in placebo[0]["sentence_en"]
    assert all("does not prove a cause" in row["sentence_en"] for row in rows if not row["is_placebo"])
    assert sorted(row["rank"] for row in rows if not row["is_placebo"]) == [1, 2, 3]


def test_a_touchpoint_that_does_nothing_looks_like_the_placebo(reader) -> None:
    rng = np.random.Generator(np.random.PCG64(9))
    # c is met by lot and changes nothing; b is what decides
    paths = [
        f"a{'c' * (rng.random() < 0.5)}{rng.choice(['b+', 'b-', '+', '-'], p=[0.3, 0.1, 0.1, 0.5])}"
        for _ in range(1000)
    ]
    rows = {row["touchpoint"]: row for row in importance_rows(journeys(*paths), reader, segment="all", names=NAMES)}
    assert "like_placebo" in rows["c"]["flags"]
    assert "like_placebo" not in rows["b"]["flags"]
    assert rows["c"]["won_points"] > 0.15
    assert rows["placebo"]["won_points"] > 0.1


def test_a_segment_with_few_winners_has_no_rows(reader) -> None:
    assert importance_rows(journeys(*["a+"] * 9, *["a-"] * 90), reader, segment="all", names=NAMES) == []


def test_shapley_values_by_hand() -> None:
    # v(g) = 2, v(m) = 1, v(gm) = 4
    visits = visits_of(journeys(*["a+"] * 20, *["b+"] * 10, *["ab+"] * 10, *["ab-"] * 30), small=10)
    points = shapley_points(visits, 4.0)
    assert (points["a"], points["b"]) == (pytest.approx(2.5), pytest.approx(1.5))


def test_shapley_values_equal_the_mean_over_all_orders() -> None:
    sets = {"a": 3, "b": 1, "c": 2, "ab": 5, "bc": 4, "abc": 7}
    paths = [f"{path}+" for path, count in sets.items() for _ in range(10 * count)]

    def worth(met: frozenset[str]) -> int:
        return sum(count for path, count in sets.items() if set(path) <= met)

    orders = list(permutations("abc"))
    expected = {
        k: sum(worth(frozenset(o[: o.index(k) + 1])) - worth(frozenset(o[: o.index(k)])) for o in orders) / len(orders)
        for k in "abc"
    }
    assert shapley_points(visits_of(journeys(*paths), small=10), 22.0) == pytest.approx(expected)


def test_the_e_value_of_a_doubled_chance() -> None:
    assert e_value(2.0) == pytest.approx(3.4142, abs=1e-4)
