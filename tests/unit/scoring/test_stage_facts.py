from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.root_cause_words import rule_texts
from journey_mining.scoring.stage_facts import stage_fact_table
from journey_mining.scoring.stages import StageHorizon

NAMES = {"decision": ("Решение", "Decision")}


def group(channel: str | None, lost: int, kept: int, *, first: int, followed: float = 100.0) -> pd.DataFrame:
    count = lost + kept
    return pd.DataFrame(
        {
            "journey_id": [f"j{first + n}" for n in range(count)],
            "episode_no": 1,
            "person_no": np.arange(first, first + count),
            "segment": "smb",
            "stage": "decision",
            "time_days": [10.0] * lost + [20.0] * kept,
            "delay_days": 0.0,
            "followed_days": followed,
            "cause": ["lost"] * lost + ["progress"] * kept,
            "channel": channel,
        }
    )


def facts(reader, *groups: pd.DataFrame) -> dict[str, dict]:
    episodes = pd.concat(groups, ignore_index=True)
    known = episodes[episodes["channel"].notna()]
    conditions = known[["journey_id", "episode_no"]].assign(
        condition="entry_channel", condition_value=known["channel"].astype(str)
    )
    # how soon an answer came is not known at entry and must stay out
    conditions = pd.concat([conditions, conditions.assign(condition="first_answer", condition_value="over_24h")])
    horizon = StageHorizon(stage="decision", wanted_days=30, common=Horizon(days=30, is_short=False))
    table = stage_fact_table(episodes.drop(columns="channel"), conditions, [horizon], ["smb"], NAMES, reader)
    return {row["condition_value"]: row for row in table.to_pylist()}


def test_a_fact_stands_beside_those_without_it(reader) -> None:
    found = facts(reader, group("phone", 40, 60, first=0), group("web", 20, 180, first=100))
    phone = found["phone"]
    assert set(found) == {"phone", "web"}
    assert (phone["customer_count"], phone["other_count"]) == (100, 200)
    assert (phone["drop_off"], phone["other_drop_off"]) == (pytest.approx(0.4), pytest.approx(0.1))
    assert phone["excess_count"] == pytest.approx(30)
    assert phone["low"] < 0.4 < phone["high"]
    assert phone["difference_low"] < 0.3 < phone["difference_high"]
    assert phone["q_value"] < 0.001
    assert (phone["text_ru"], phone["text_en"]) == ("канал входа: телефон", "channel of entry: phone")


def test_a_channel_has_a_name_in_both_languages_and_an_unknown_one_stands_as_it_is() -> None:
    assert rule_texts((("entry_channel", "web"), ("entry_channel", "kiosk")), {}) == (
        "канал входа: сайт и канал входа: kiosk",
        "channel of entry: website, and channel of entry: kiosk",
    )


def test_values_of_few_customers_are_counted_as_one_rest(reader) -> None:
    found = facts(
        reader,
        group("web", 20, 80, first=0),
        group("fax", 2, 4, first=100),
        group("mail", 1, 4, first=106),
        group(None, 5, 20, first=111),
    )
    assert set(found) == {"web", "other"}
    assert (found["other"]["customer_count"], found["other"]["drop_off"]) == (36, None)


def test_without_enough_others_there_is_nothing_to_compare(reader) -> None:
    found = facts(reader, group("web", 20, 80, first=0), group("fax", 2, 4, first=100))
    assert found["web"]["drop_off"] is None
    assert found["web"]["other_count"] == 6


def test_a_side_that_was_not_followed_to_the_horizon_is_not_compared(reader) -> None:
    found = facts(reader, group("web", 20, 80, first=0), group("app", 5, 20, first=100, followed=25.0))
    assert (found["app"]["drop_off"], found["app"]["flags"]) == (None, "short_horizon")


def test_a_stage_of_few_customers_has_no_facts(reader) -> None:
    assert facts(reader, group("web", 5, 8, first=0), group("app", 4, 11, first=100)) == {}
