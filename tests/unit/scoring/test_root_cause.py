from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.root_cause_search import confirm, members, search
from journey_mining.scoring.root_cause_table import cell_rows, is_search_half, write_root_causes
from journey_mining.scoring.root_cause_words import rule_texts
from support import rows_of

SLOW, CPC, WEEKEND = ("first_answer", "over_24h"), ("utm_medium", "cpc"), ("entry_day", "weekend")


def drawn(seed: int, count: int, *, effect: float) -> tuple[dict, np.ndarray]:
    """Three conditions by lot; the slow answer raises losses by `effect`."""
    rng = np.random.Generator(np.random.PCG64(seed))
    holds = {condition: rng.random(count) < 0.4 for condition in (SLOW, CPC, WEEKEND)}
    return holds, rng.random(count) < 0.3 + effect * holds[SLOW]


def test_the_planted_condition_is_found_first_and_confirmed() -> None:
    holds, is_lost = drawn(1, 1000, effect=0.25)
    half = np.arange(1000) < 500
    found = search({key: mask[half] for key, mask in holds.items()}, is_lost[half])
    assert found[0].rule == (SLOW,)
    checked = confirm(holds[SLOW][~half], is_lost[~half], 1.96)
    assert checked is not None
    assert checked.interval[0] < 0.25 < checked.interval[1]
    assert checked.p_value < 0.001


def test_quality_is_the_share_times_the_excess() -> None:
    is_lost = np.repeat([True, False], 100)
    found = search({SLOW: np.arange(200) < 100}, is_lost)
    assert found[0].quality == pytest.approx(0.5 * (1 - 0.5))


def test_small_subgroups_are_not_looked_at() -> None:
    is_lost = np.repeat([True, False], [49, 151])
    assert search({SLOW: np.arange(200) < 49}, is_lost) == []
    assert search({SLOW: np.arange(200) < 151}, ~is_lost) == []


def test_two_conditions_that_only_matter_together_are_joined() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    holds = {SLOW: rng.random(2000) < 0.5, CPC: rng.random(2000) < 0.5}
    is_lost = rng.random(2000) < 0.2 + 0.5 * (holds[SLOW] & holds[CPC])
    assert search(holds, is_lost)[0].rule == (SLOW, CPC)


def test_rules_about_the_same_customers_are_told_once() -> None:
    mask = np.arange(400) < 200
    found = search({SLOW: mask, CPC: mask.copy()}, mask)
    assert [rule.rule for rule in found] == [(SLOW,)]


def test_without_anything_planted_hardly_any_rule_is_confirmed() -> None:
    p_values = []
    for seed in range(60):
        holds, is_lost = drawn(10 + seed, 600, effect=0.0)
        half = np.arange(600) < 300
        for found in search({key: mask[half] for key, mask in holds.items()}, is_lost[half])[:1]:
            kept = {key: mask[~half] for key, mask in holds.items()}
            checked = confirm(members(found.rule, kept, 300), is_lost[~half], 1.96)
            p_values.append(checked.p_value if checked else 1.0)
    assert len(p_values) > 30
    assert np.mean(np.array(p_values) < 0.05) < 0.15


def test_a_rule_without_a_rest_is_not_confirmed() -> None:
    assert confirm(np.ones(5, dtype=bool), np.zeros(5, dtype=bool), 1.96) is None


def test_halves_are_even_and_lasting() -> None:
    halves = [is_search_half(f"p{n}") for n in range(2000)]
    assert 0.45 < np.mean(halves) < 0.55
    assert halves[:8] == [is_search_half(f"p{n}") for n in range(8)]


def test_rules_in_words() -> None:
    stages = {"research": ("Выбор", "Research")}
    assert rule_texts((SLOW,), stages) == ("первый ответ позже 24 часов", "first answer after more than 24 hours")
    assert rule_texts((("previous_stage", "research"),), stages)[0] == "до этого была стадия «Выбор»"
    assert rule_texts((("new", "x"),), {}) == ("new: x", "new: x")


def _episodes(count: int, **columns: object) -> pd.DataFrame:
    base = {"segment": "smb", "followed_days": 90.0, "delay_days": 0.0, "cause": "lost", "time_days": 20.0}
    frame = pd.DataFrame({**base, **columns}, index=range(count))
    return frame.assign(is_search=np.arange(count) % 2 == 0)


def test_losses_after_the_horizon_and_young_episodes_do_not_count(reader) -> None:
    slow = np.arange(800) % 4 < 2
    late = _episodes(800, time_days=np.where(slow, 60.0, 20.0))
    names: dict[str, tuple[str, str]] = {}

    def rows_of_cell(frame: pd.DataFrame) -> list[dict[str, object]]:
        return cell_rows(frame, {CPC: ~slow, SLOW: slow}, reader, segment="smb", stage="d", days=49, names=names)

    rows = rows_of_cell(late)
    assert [(row["lost_share"], row["other_share"]) for row in rows] == [(1.0, 0.0)]
    assert rows[0]["condition"] == '[{"condition": "utm_medium", "value": "cpc"}]'
    assert rows_of_cell(late.assign(followed_days=10.0)) == []
    assert rows_of_cell(late.assign(segment="corp")) == []


def test_the_table_judges_all_rules_of_the_run_together(world, project, reader) -> None:
    from journey_mining.scoring import score

    score(world, project)
    assert write_root_causes(world, reader, timezone="Europe/Moscow") == world.count("root_cause")
    for q_value, p_value in rows_of(world, "root_cause", "q_value p_value"):
        assert q_value >= p_value


def test_the_same_input_gives_the_same_explanations(world, project) -> None:
    from journey_mining.scoring import score

    tables = ("importance", "moment_of_truth", "what_if_model", "what_if_transition", "what_if_effect", "root_cause")
    score(world, project)
    first = {name: world.read_arrow(name) for name in tables}
    score(world, project)
    assert all(world.read_arrow(name).equals(first[name]) for name in tables)
    assert all(first[name].num_rows for name in tables[:5])
