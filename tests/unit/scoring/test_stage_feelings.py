"""Feelings told from texts, by stage."""

from __future__ import annotations

import pandas as pd
import pytest

from journey_mining.scoring.stage_feelings import feeling_rows

COLUMNS = ["event_id", "person_id", "journey_id", "segment", "stage", "kind", "vote_no", "satisfaction"]


def texts(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"e{n}", person, person, "smb", stage, "text", 0, chance) for n, (person, stage, chance) in enumerate(rows)],
        columns=COLUMNS,
    ).astype({"satisfaction": float})


def test_one_customer_has_one_vote_and_texts_without_a_chance_are_absent(reader) -> None:
    rows = [(str(n), "support", 0.9 if n < 8 else 0.1) for n in range(40)]
    rows += [("0", "support", 0.2)] * 3 + [("unread", "support", None)]
    told = feeling_rows(texts(*rows), ["support", "renewal"], ["all", "smb"], reader)
    assert [(row["segment"], row["stage"]) for row in told] == [
        ("all", ""), ("all", "support"), ("smb", ""), ("smb", "support")
    ]  # fmt: skip
    cell = told[1]
    assert cell["share"] == pytest.approx((7 + 1 / 4) / 40)
    assert (cell["customer_count"], cell["text_count"], cell["method"], cell["flags"]) == (40, 43, "wilson", "")
    # Wilson's interval of 7.25 in 40, by hand: centre .2092, half width .1174
    assert (cell["share_low"], cell["share_high"]) == (pytest.approx(0.0918, abs=2e-4), pytest.approx(0.3266, abs=2e-4))


def test_cells_of_few_customers_are_left_out(reader) -> None:
    few = texts(*((str(n), "support", 0.9) for n in range(reader.thresholds.small - 1)))
    assert feeling_rows(few, ["support"], ["all"], reader) == []


def test_without_told_feelings_there_is_no_row(reader) -> None:
    assert feeling_rows(texts(*((str(n), "support", None) for n in range(40))), ["support"], ["all"], reader) == []


def test_a_share_with_few_expected_events_is_thin_however_many_wrote(reader) -> None:
    flags = [
        feeling_rows(
            texts(*((str(n), "support", 0.9 if n < told else 0.1) for n in range(60))), ["support"], ["all"], reader
        )[0]["flags"]
        for told in (4, 5)
    ]
    assert flags == ["thin", ""]
