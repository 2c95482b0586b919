from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from journey_mining.change.causes import Causes, ChangeCause
from journey_mining.change.split import Night, split_rows
from journey_mining.scoring.metric import Thresholds
from support import NOON


def night(lost: dict[str, bool], *, rules: str = "1", segments: dict[str, str] | None = None, n: int = 50) -> Night:
    """A night on which each person entered one stage 90 days ago and is lost after 10, or still there."""
    own = segments or {}
    episodes = pd.DataFrame(
        {
            "journey_id": [f"j{person}" for person in lost],
            "episode_no": 1,
            "person_id": list(lost),
            "segment": [own.get(person, "a") for person in lost],
            "stage": "s",
            "time_days": [10.0 if gone else 90.0 for gone in lost.values()],
            "delay_days": 0.0,
            "followed_days": 90.0,
            "cause": ["lost" if gone else "open" for gone in lost.values()],
        }
    )
    metrics = [
        {
            "estimand": "drop_off",
            "segment": segment,
            "stage": "s",
            "estimate": (rows["cause"] == "lost").mean(),
            "customer_count": n,
            "horizon_days": 30,
        }
        for segment, rows in (*episodes.groupby("segment"), ("all", episodes))
    ]
    answers = pd.DataFrame(columns=["event_id", "person_id", "segment", "stage", "kind", "value"])
    return Night(metrics=pd.DataFrame(metrics), episodes=episodes, answers=answers, rules={"code": rules}, as_of=NOON)


def causes(**named: ChangeCause) -> Causes:
    return Causes(old=named, new=named, event_counts={})


def split(before: Night, after: Night, found: Causes, *, small: int = 1) -> dict[str, dict[str, Any]]:
    cells = Thresholds(small=small, thin=30)
    return {str(row["segment"]): row for row in split_rows(before, after, found, cells)}


def test_each_cause_gets_what_changed_with_its_people() -> None:
    before = night({"p": False, "q": False, "r": False, "s": False})
    after = night({"p": True, "q": True, "r": False, "s": True})
    row = split(before, after, causes(p=ChangeCause.RESTITCHING, q=ChangeCause.LATE_DATA))["a"]
    assert [row[name] for name in ("before", "after", "restitching", "late_data", "mix", "behaviour")] == [
        0.0,
        0.75,
        0.25,
        0.25,
        0.0,
        0.25,
    ]
    assert (row.get("rules"), row["unexplained"]) == (None, 0.0)


def test_other_proportions_of_segments_are_mix_for_everybody() -> None:
    members = {"p": "a", "q": "a", "r": "b", "s": "b", "t": "b", "u": "b"}
    before = night({"p": True, "q": True, "r": False, "s": False}, segments=members)
    after = night({"p": True, "q": True, "r": False, "s": False, "t": False, "u": False}, segments=members)
    row = split(before, after, causes())["all"]
    assert row["mix"] == pytest.approx(1 / 3 - 1 / 2, abs=1e-6)
    assert row["behaviour"] == pytest.approx(0, abs=1e-6)


def test_under_other_rules_nothing_is_compared() -> None:
    row = split(night({"p": False}), night({"p": True}, rules="2"), causes())["a"]
    assert (row["rules"], row["unexplained"], row.get("behaviour")) == (1.0, 0.0, None)


def test_small_cells_and_numbers_that_stood_still_have_no_row() -> None:
    assert split(night({"p": False}, n=29), night({"p": True}, n=29), causes()) == {}
    assert split(night({"p": True}), night({"p": True}), causes()) == {}


def test_what_the_parts_say_is_what_moved() -> None:
    before = night({str(i): i % 3 == 0 for i in range(30)})
    after = night({str(i): i % 4 == 0 for i in range(5, 45)})
    named = {str(i): list(ChangeCause)[i % 4] for i in range(45)}
    row = split(before, after, Causes(old=named, new=named, event_counts={}))["a"]
    parts = sum(row[name] for name in ("behaviour", "mix", "late_data", "restitching", "unexplained"))
    assert parts == pytest.approx(row["after"] - row["before"], abs=1e-5)


def test_the_part_of_a_few_people_is_not_told() -> None:
    before, after = night({str(i): False for i in range(40)}), night({str(i): i < 4 for i in range(40)})
    late = causes(**{str(i): ChangeCause.LATE_DATA for i in range(4)})
    row = split(before, after, late, small=10)["a"]
    assert ("late_data" in row, row["unexplained"], row["behaviour"]) == (False, 0.1, 0.0)
