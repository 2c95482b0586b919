from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journey_mining.project import Action, Target
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.opportunity import Known, action_for, opportunity_table, stage_opportunities
from journey_mining.scoring.progress_worth import Worth, progress_worths, trimmed_mean


def _episodes(lost: dict[str, int], *, of_each: int = 100) -> pd.DataFrame:
    segment = np.repeat(list(lost), of_each)
    number = np.arange(len(segment))
    is_lost = number % of_each < np.array([lost[name] for name in segment])
    return pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in number],
            "person_no": number,
            "segment": segment,
            "stage": "support",
            "time_days": 5.0,
            "delay_days": 0.0,
            "followed_days": 100.0,
            "cause": np.where(is_lost, "lost", "progress"),
        }
    )


def _known(**changes: object) -> Known:
    worth = {("smb", "support"): Worth(purchase_share=0.5, mean_amount=10000.0, amount_error=100.0)}
    told: dict = {"targets": (), "actions": (), "worth": worth, "currency": "RUB", "observed_days": 365.25 / 4}
    return Known(**{**told, **changes})


def _rows(frame: pd.DataFrame, known: Known, reader, segments: list[str]) -> dict[tuple[str, str], dict]:
    rows = stage_opportunities(frame, "support", segments, reader, known, wanted_days=30)
    return {(row["segment"], row["reference_kind"]): row for row in opportunity_table(rows).to_pylist()}


def test_amount_is_the_product_of_its_parts(reader) -> None:
    # one segment against a target is not shrunk: 1000 entries, 40 % lost, 25 % wanted, worth 5 000
    known = _known(targets=(Target(stage="support", segment="smb", drop_off=0.25),))
    row = _rows(_episodes({"smb": 400}, of_each=1000), known, reader, ["smb"])["smb", "target"]
    assert row["amount"] == pytest.approx(750_000)
    assert (row["reach_per_quarter"], row["value"], row["unit"], row["currency"]) == (1000, 5000, "money", "RUB")
    assert row["amount_low"] < 750_000 < row["amount_high"]
    assert row["probability_positive"] == 1.0


def test_the_rest_of_the_customers_is_the_reference(reader) -> None:
    lost = {"smb": 50, "corp": 20, "personal": 20, "public": 20}
    rows = _rows(_episodes(lost), _known(), reader, ["all", *lost])
    assert set(rows) == {(segment, "rest") for segment in lost}
    assert rows["smb", "rest"]["reference"] == pytest.approx(0.2)
    assert 0.2 < rows["smb", "rest"]["drop_off"] < rows["smb", "rest"]["drop_off_raw"]
    assert rows["corp", "rest"]["amount"] is None
    assert (rows["corp", "rest"]["excess"], rows["corp", "rest"]["flags"]) == (0.0, "not_proven")


def test_without_amounts_the_unit_is_journeys(reader) -> None:
    known = _known(worth={("smb", "support"): Worth(purchase_share=0.5)})
    row = _rows(_episodes({"smb": 50, "corp": 20}), known, reader, ["smb", "corp"])["smb", "rest"]
    assert (row["unit"], row["currency"], row["mean_amount"]) == ("journeys", "", None)
    assert row["amount"] == pytest.approx(row["journeys_kept"] * 0.5)


def test_few_customers_have_no_row(reader) -> None:
    frame = pd.concat([_episodes({"smb": 50}), _episodes({"tiny": 3}, of_each=9)])
    assert _rows(frame, _known(), reader, ["smb", "tiny"]) == {}


def test_a_target_of_everybody_serves_every_segment(reader) -> None:
    known = _known(targets=(Target(stage="support", drop_off=0.1),))
    rows = _rows(_episodes({"smb": 50, "corp": 20}), known, reader, ["all", "smb", "corp"])
    assert {key for key in rows if key[1] == "target"} == {(s, "target") for s in ("all", "smb", "corp")}


def test_the_same_draws_every_night(reader) -> None:
    frame = _episodes({"smb": 50, "corp": 20})
    first, second = (_rows(frame, _known(), reader, ["smb", "corp"]) for _ in range(2))
    assert first == second


def test_the_action_of_the_segment_comes_first() -> None:
    told = [("a", "", "in_progress"), ("b", "smb", "done"), ("c", "smb", "idea"), ("d", "corp", "idea")]
    actions = [Action(id=i, stage="support", segment=s, ru="", en="", status=st) for i, s, st in told]
    assert action_for(actions, "smb", "support").id == "c"
    assert action_for(actions, "personal", "support").id == "a"
    assert action_for(actions, "smb", "renewal") is None


def test_one_huge_contract_does_not_set_the_value() -> None:
    values = np.array([*range(1, 10), 10_000], dtype=float)
    mean, error = trimmed_mean(values, np.arange(10))
    assert mean == pytest.approx(np.mean(range(2, 10)))
    assert error < 2


def test_worth_takes_open_journeys_into_account() -> None:
    progressed = pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in range(90)],
            "person_no": range(90),
            "segment": "smb",
            "stage": "support",
            "time_days": [10.0] * 30 + [20.0] * 30 + [5.0] * 30,
            "delay_days": 0.0,
            "followed_days": [100.0] * 60 + [5.0] * 30,
            "outcome": ["bought"] * 30 + ["ended"] * 30 + ["open"] * 30,
        }
    )
    paid = pd.DataFrame({"segment": "corp", "person_no": range(40), "amount": 70.0})
    thresholds = Thresholds(small=10, thin=30)
    found = progress_worths(progressed, paid, ["smb"], ["support"], thresholds, wanted_days=50)["smb", "support"]
    assert found.purchase_share == pytest.approx(0.5)
    assert (found.value, found.flags) == (pytest.approx(35.0), ("amount_of_all",))
