from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from journey_mining.mining.conformance import explain, ways_of
from journey_mining.project import IntendedPath, Project, Rule, Stage, StageMap, Touchpoint
from journey_mining.project.knowledge import Knowledge
from journey_mining.project.segments import Segments
from journey_mining.project.settings import Settings
from journey_mining.scoring.path_scores.blind_spots import Seen, blind_spot_rows
from journey_mining.scoring.path_scores.conformance import conformance_rows, log_fitness
from journey_mining.scoring.path_scores.deviations import deviation_rows
from journey_mining.scoring.path_scores.variants import unseen_mass, variant_rows

Z = 1.959963984540054


def judged(*counted: tuple[str, str, int], way: str = "abcd", segment: str = "smb") -> tuple[pd.DataFrame, ...]:
    """`path_fit`, `path_move`, `path_onset` of journeys (trace, ending, how many), each of a customer of its own."""
    held_against = ways_of((IntendedPath(steps=tuple(way)),), frozenset())["all"]
    fits, moves, onsets = [], [], []
    for trace, ending, count in counted:
        found = explain(held_against, tuple(trace), is_whole=ending == "won")
        for _ in range(count):
            journey = f"{segment}{len(fits):04d}"
            fits.append((journey, len(fits), segment, "all", ending, ending == "won", found.is_cut, len(trace),
                         found.misfit_count, found.worst_count, found.deviation_count, 10.0, 100.0))  # fmt: skip
            moves += [(journey, n, m.kind.value, m.step, m.after_step, m.times) for n, m in enumerate(found.moves, 1)]
            onsets += [(journey, o.kind, o.step, o.after_step, o.at_step, o.place) for o in found.onsets]
    names = "journey_id person_no segment intended_for ending is_whole is_cut step_count misfit_count worst_count"
    return (
        pd.DataFrame(fits, columns=[*names.split(), "deviation_count", "time_days", "followed_days"]),
        pd.DataFrame(moves, columns=["journey_id", "move_no", "kind", "step", "after_step", "times"]),
        pd.DataFrame(onsets, columns=["journey_id", "kind", "step", "after_step", "at_step", "place"]),
    )


def test_fitness_of_a_log_of_nine_perfect_journeys_and_one_other() -> None:
    assert log_fitness(judged(("abcd", "won", 9), ("acdx", "won", 1))[0]) == 0.975


def test_the_share_that_conforms_has_wilsons_interval_over_customers(reader) -> None:
    rows = conformance_rows(judged(("abcd", "won", 8), ("acdx", "won", 2))[0], ["all", "smb", "corp"], reader)
    assert [row["segment"] for row in rows] == ["all", "smb"]
    assert (rows[0]["conforming_share"], rows[0]["share_low"], rows[0]["share_high"]) == (0.8, 0.490162, 0.943318)
    assert rows[0]["flags"] == "thin"


def test_skipping_is_a_share_of_those_who_came_past_the_step(reader) -> None:
    judged_ones = judged(("abcd", "won", 60), ("acd", "won", 20), ("a", "silent", 500))
    row = deviation_rows(*judged_ones, ["all"], reader)[0]
    assert (row["kind"], row["step"], row["customer_count"], row["base_customer_count"]) == ("skipped", "b", 20, 80)
    assert row["share"] == 0.25


def test_an_extra_step_is_a_share_of_those_who_came_to_the_step_before_it(reader) -> None:
    judged_ones = judged(("abcd", "won", 30), ("abxcd", "won", 10), ("abxbxcd", "won", 10), ("a", "silent", 100))
    rows = deviation_rows(*judged_ones, ["all"], reader)
    extra = next(row for row in rows if row["step"] == "x")
    assert (extra["after_step"], extra["customer_count"], extra["base_customer_count"]) == ("b", 20, 50)
    assert extra["mean_times"] == 1.5


def test_a_deviation_of_few_customers_is_left_out(reader) -> None:
    assert deviation_rows(*judged(("abcd", "won", 60), ("acd", "won", 9)), ["all"], reader) == []


def test_losses_are_compared_with_those_who_did_not_deviate(reader) -> None:
    judged_ones = judged(("abc", "lost", 20), ("abc", "open", 80), ("ac", "lost", 40), ("ac", "open", 60))
    row = deviation_rows(*judged_ones, ["all"], reader)[0]
    error = np.sqrt((1 - 0.4) / 40 + (1 - 0.2) / 20)
    assert row["loss_ratio"] == 2.0
    assert row["loss_ratio_low"] == pytest.approx(2 * np.exp(-Z * error), abs=1e-6)
    assert row["q_value"] < 0.01


def test_who_is_lost_at_a_step_is_no_comparison_for_who_left_it_out(reader) -> None:
    # all of those who came past b are lost equally often; many are lost at b itself
    judged_ones = judged(
        ("ab", "lost", 500), ("abc", "lost", 50), ("abc", "open", 50), ("ac", "lost", 50), ("ac", "open", 50)
    )
    row = deviation_rows(*judged_ones, ["all"], reader)[0]
    assert (row["kind"], row["step"], row["loss_ratio"]) == ("skipped", "b", 1.0)


def test_who_took_a_detour_is_compared_with_who_came_as_far(reader) -> None:
    counted = [
        ("ab", "lost", 300),
        ("abc", "lost", 50),
        ("abc", "open", 50),
        ("abxc", "lost", 50),
        ("abxc", "open", 50),
    ]
    row = next(row for row in deviation_rows(*judged(*counted), ["all"], reader) if row["step"] == "x")
    assert (row["kind"], row["after_step"], row["loss_ratio"]) == ("extra", "b", 1.0)


def test_a_return_is_compared_with_who_stands_at_the_same_step(reader) -> None:
    # at b half are lost, each time they are there; who went on to c has less before them
    counted = [("ab", "lost", 90), ("abc", "won", 90), ("abcb", "lost", 10), ("abcbc", "won", 10)]
    row = next(row for row in deviation_rows(*judged(*counted, way="abc"), ["all"], reader) if row["step"] == "b")
    assert (row["kind"], row["after_step"], row["loss_ratio"]) == ("extra", "c", 1.0)


def test_the_same_steps_are_one_deviation_of_won_and_lost(reader) -> None:
    fits, moves, _ = judged(("ad", "won", 30), ("ad", "lost", 30))
    found = moves[moves["kind"] != "done"].merge(fits, on="journey_id").groupby(["kind", "step", "ending"]).size()
    assert found.to_dict() == {("extra", "d", "lost"): 30, ("extra", "d", "won"): 30}


def test_a_broken_order_counts_from_its_later_place(reader) -> None:
    # d came before b and c; who was lost before e is nobody's comparison
    early = [("adb", "lost", 40), ("adbc", "lost", 20), ("adbce", "lost", 30), ("adbce", "open", 10)]
    rows = deviation_rows(*judged(*early, ("abcde", "lost", 20), ("abcde", "open", 20), way="abcde"), ["all"], reader)
    ratios = {(row["kind"], row["step"], row["after_step"]): row["loss_ratio"] for row in rows}
    # 30 of 40 against 20 of 40 at e; 90 of 100 against 20 of 40 at b, where d is known to have come too early
    assert ratios == {("order", "d", "c"): 1.5, ("extra", "d", "a"): 1.8}


def test_for_everybody_only_journeys_of_one_segment_are_compared(reader) -> None:
    often = judged(("abc", "lost", 50), ("abc", "open", 50), ("ac", "lost", 50), ("ac", "open", 50))
    seldom = judged(("abc", "lost", 20), ("abc", "open", 180), ("ac", "lost", 2), ("ac", "open", 18), segment="corp")
    both = [pd.concat(pair, ignore_index=True) for pair in zip(often, seldom, strict=True)]
    both[0] = both[0].assign(person_no=range(len(both[0])))
    rows = {row["segment"]: row["loss_ratio"] for row in deviation_rows(*both, ["all", "smb"], reader)}
    assert rows == {"all": 1.0, "smb": 1.0}


def walked(draw: np.random.Generator, *, harm: float) -> tuple[str, str]:
    """A journey whose losses, returns and leaps depend on the stage alone; `harm` adds to losses after a return."""
    place, trace, has_returned = 0, "a", False
    for _ in range(12):
        chance = draw.random()
        if chance < 0.25 + (harm if has_returned else 0.0):
            return trace, "lost"
        leap = 1 + (draw.random() < 0.2)
        has_returned |= chance > 0.9 and place > 0
        place = place - 1 if chance > 0.9 and place > 0 else place + leap
        if place > 3:
            return trace, "won"
        trace += "abcd"[place]
    return trace, "open"


def found_in(seed: int, reader, *, harm: float = 0.0) -> list[dict]:
    draw = np.random.Generator(np.random.PCG64(seed))
    counted = Counter(walked(draw, harm=harm) for _ in range(2500))
    journeys = [(trace, ending, count) for (trace, ending), count in sorted(counted.items())]
    return [row for row in deviation_rows(*judged(*journeys), ["all"], reader) if row["loss_ratio"] is not None]


def test_nothing_is_found_where_losses_depend_on_the_stage_alone(reader) -> None:
    rows = [row for seed in range(5) for row in found_in(seed, reader)]
    held = [row["loss_ratio_low"] <= 1 <= row["loss_ratio_high"] for row in rows]
    assert len(rows) > 25
    assert np.mean(held) >= 0.92
    assert not any(row["q_value"] < 0.01 for row in rows)


def test_harm_after_a_return_is_found(reader) -> None:
    rows = [row for row in found_in(1, reader, harm=0.3) if row["kind"] == "extra" and row["loss_ratio_low"] > 1]
    assert {(row["step"], row["after_step"]) for row in rows if row["q_value"] < 0.01} >= {("b", "c")}


def test_a_log_without_deviations_has_no_rows(reader) -> None:
    assert deviation_rows(*judged(("abcd", "won", 60)), ["all"], reader) == []


def test_the_share_of_unseen_ways_is_goods_estimate() -> None:
    assert unseen_mass([3, 1], Z).share == 0.25
    sure = unseen_mass([10, 10], Z)
    assert (sure.share, sure.low, sure.high) == (0.0, 0.0, pytest.approx(0.161125, abs=1e-6))


def test_goods_estimate_covers_what_is_really_unseen() -> None:
    draw = np.random.Generator(np.random.PCG64(5))
    shares = 1 / np.arange(1, 201)
    shares /= shares.sum()
    hits = 0
    for _ in range(200):
        counts = np.bincount(draw.choice(200, 400, p=shares), minlength=200)
        found = unseen_mass([int(count) for count in counts if count], Z)
        hits += found.low <= shares[counts == 0].sum() <= found.high
    assert hits / 200 > 0.9


def traces(*counted: tuple[str, str, int]) -> pd.DataFrame:
    rows = [(stages, ending) for stages, ending, count in counted for _ in range(count)]
    frame = pd.DataFrame(rows, columns=["stages", "ending"])
    return frame.assign(person_no=range(len(rows)), segment="smb", is_left_uncertain=False, active_days=2.0)


def test_variants_are_counted_up_to_most_journeys(reader) -> None:
    summaries, outcomes = variant_rows(
        traces(("a>b", "won", 40), ("a>b", "lost", 20), ("a", "silent", 30), ("b", "lost", 1), ("c", "open", 9)),
        ["all"],
        reader,
    )
    summary = summaries[0]
    assert (summary["journey_count"], summary["variant_count"], summary["seen_once_count"]) == (91, 3, 1)
    assert (summary["most_count"], summary["shown_count"]) == (2, 2)
    assert summary["unseen_share"] == pytest.approx(1 / 91, abs=1e-6)
    assert [(row["stages"], row["won_share"]) for row in outcomes] == [("a>b", 0.666667), ("a", 0.0)]
    expected = proportion_confint(40, 60, method="wilson")
    assert (outcomes[0]["won_low"], outcomes[0]["won_high"]) == pytest.approx(expected, abs=1e-6)


def spotted(seen_touchpoints: list[tuple[str, str]], frame: pd.DataFrame, reader) -> list[tuple]:
    stages = tuple(Stage(id=name, ru=name, en=name) for name in "abc")
    points = tuple(Touchpoint(id=name, ru=name, en=name) for name in ("site", "desk", "shop", "call"))
    rules = (
        {"id": "r1", "priority": 1, "when": {"channel": ["web"]}, "stage": "a", "touchpoint": "site"},
        {"id": "r2", "priority": 2, "when": {"event_kind_re": "^VIEW"}, "stage": "b", "touchpoint": "shop"},
        {"id": "r3", "priority": 3, "when": {"source": ["phone"]}, "stage": "c", "touchpoint": "call"},
    )
    project = Project(
        root=Path(),
        settings=Settings(),
        stages=StageMap(id="x", stage=stages, touchpoint=points, rule=tuple(Rule.model_validate(r) for r in rules)),
        segments=Segments(),
        knowledge=Knowledge(),
    )
    kinds = pd.DataFrame([("metrica", "web", "view")], columns=["source", "channel", "event_kind"])
    seen = Seen(
        kinds=kinds, touchpoints=pd.DataFrame(seen_touchpoints, columns=["segment", "touchpoint"]), traces=frame
    )
    rows = blind_spot_rows(project, seen, {"all": frozenset("a"), "smb": frozenset("a")}, ["all"], reader)
    return [(row["stage"], row["touchpoint"], row["kind"], row["customer_count"]) for row in rows]


def test_nobody_watches_and_nobody_comes_are_told_apart(reader) -> None:
    rows = spotted([("smb", "site")], traces(("a>b", "won", 30), ("a", "silent", 5)), reader)
    assert rows == [
        ("", "desk", "no_source", 0),
        ("b", "shop", "customers_do_not_reach", 0),
        ("c", "call", "no_source", 0),
        ("c", "", "no_source", 0),
    ]


def test_where_few_came_near_nothing_is_said_of_their_absence(reader) -> None:
    rows = spotted(
        [("smb", "site"), ("smb", "desk"), ("smb", "call")], traces(("a", "won", 30), ("a>b", "won", 3)), reader
    )
    assert rows[0] == ("b", "shop", "declared_never_seen", 0)


def test_customers_who_turn_up_in_the_middle_are_counted_by_stage(reader) -> None:
    frame = traces(("a>b", "won", 30), ("b>c", "won", 12), ("c", "won", 3))
    rows = spotted([("smb", name) for name in ("site", "desk", "shop", "call")], frame, reader)
    assert rows == [("b", "", "appears_mid_path", 12)]
