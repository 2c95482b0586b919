from __future__ import annotations

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
