from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.loyalty import LoyaltySettings, lifetime_value, loyalty_metrics
from journey_mining.vocabulary import Estimand
from support import NOON

SETTINGS = LoyaltySettings(silence_days=30, min_days=30, currency="RUB")


def test_value_of_a_constant_retention() -> None:
    assert lifetime_value(100, 0.9, 0.01) == pytest.approx(818.18, abs=0.01)


def _buyers(count: int) -> pd.DataFrame:
    number = np.arange(count)
    return pd.DataFrame(
        {
            "person_id": [f"p{n}" for n in number],
            "person_no": number,
            "journey_id": [f"j{n}" for n in number],
            "segment": "smb",
            "first_purchased_at": NOON,
            "followed_days": 200.0,
            "next_purchase_days": np.where(number % 4 == 0, 10.0, np.nan),
            "active_days": np.where(number % 2 == 0, 35.0, 200.0),
            "is_silent": number % 2 == 0,
        }
    )


def _purchases(count: int, currency: str = "RUB") -> pd.DataFrame:
    rows = [(f"p{n}", NOON + timedelta(days=day), 50.0) for n in range(count) for day in (0, 10)]
    frame = pd.DataFrame(rows, columns=["person_id", "purchased_at", "amount"])
    return frame.assign(currency=currency)


def test_buyers_who_come_back_and_who_stay(reader) -> None:
    rows = {r.estimand: r for r in loyalty_metrics(_buyers(80), _purchases(80), ["smb"], reader, SETTINGS)}
    assert rows[Estimand.REPEAT_PURCHASE].estimate == pytest.approx(0.25)
    assert rows[Estimand.RETENTION].estimate == pytest.approx(0.5)
    assert rows[Estimand.RETENTION].horizon_days == 40
    discount = 1.1 ** (40 / 365) - 1
    assert rows[Estimand.CUSTOMER_VALUE].estimate == pytest.approx(lifetime_value(100, 0.5, discount))
    assert "rough" in rows[Estimand.CUSTOMER_VALUE].flags


def test_amounts_of_another_currency_make_no_value(reader) -> None:
    rows = loyalty_metrics(_buyers(80), _purchases(80, "EUR"), ["smb"], reader, SETTINGS)
    value = next(r for r in rows if r.estimand == Estimand.CUSTOMER_VALUE)
    assert value.estimate is None
    assert "no_source" in value.flags


def test_nobody_bought(reader) -> None:
    rows = loyalty_metrics(_buyers(0), _purchases(0), ["smb"], reader, SETTINGS)
    assert [row.estimate for row in rows] == [None, None, None]
