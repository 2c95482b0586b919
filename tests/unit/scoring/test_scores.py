from __future__ import annotations

import numpy as np
import pytest

from journey_mining.scoring import score
from journey_mining.vocabulary import METRIC_COLUMNS, Estimand
from support import rows_of


@pytest.fixture
def scored(world, project):
    score(world, project)
    return world.read("metric_value", order_by=["estimand", "segment", "stage"])


def test_every_segment_and_stage_has_a_row_for_every_estimand(scored) -> None:
    per_stage = scored[scored["stage"] == "decision"].groupby("segment")["estimand"].nunique()
    assert set(scored["estimand"]) == set(Estimand)
    assert per_stage.to_dict() == dict.fromkeys(["all", "corp", "smb", "unknown"], 29)


def test_columns_are_those_of_the_contract(scored) -> None:
    assert tuple(scored.columns) == METRIC_COLUMNS


def test_planted_drop_off_is_recovered(scored) -> None:
    row = scored[(scored["estimand"] == "drop_off") & (scored["segment"] == "all") & (scored["stage"] == "research")]
    assert row["interval_low"].item() < 0.3 < row["interval_high"].item()
    assert row["estimate"].item() == pytest.approx(0.3, abs=0.06)


def test_shares_of_a_stage_add_up_to_one(scored) -> None:
    parts = scored[scored["estimand"].isin(["drop_off", "moved_on", "moved_back", "under_way"])].dropna(
        subset=["estimate"]
    )
    assert parts.groupby(["segment", "stage"])["estimate"].sum().to_list() == pytest.approx([1.0] * 6, abs=1e-12)


def test_an_empty_segment_has_rows_without_estimates(scored) -> None:
    row = scored[(scored["estimand"] == "drop_off") & (scored["segment"] == "unknown")].iloc[0]
    assert row["customer_count"] == 0
    assert row["flags"] == "small,thin"


def test_scoring_twice_gives_the_same_tables(world, project) -> None:
    tables = ("metric_value", "friction_point", "comparison", "common_step", "opportunity")
    score(world, project)
    first = [world.read_arrow(table) for table in tables]
    score(world, project)
    assert [world.read_arrow(table).equals(before) for table, before in zip(tables, first, strict=True)] == [True] * 5


def test_equal_segments_do_not_differ(world, project) -> None:
    score(world, project)
    rows = rows_of(world, "comparison", "estimand stage segment_a segment_b q_value")
    assert {row[2:4] for row in rows} == {("smb", "corp")}
    assert min(row[4] for row in rows if row[4] is not None) > 0.05


def test_losses_by_status_and_by_silence_add_up(scored) -> None:
    cells = scored[(scored["stage"] == "research") & scored["estimate"].notna()]
    parts = cells.pivot_table(index="segment", columns="estimand", values="estimate").dropna(subset="drop_off")
    assert (parts["lost_by_status"] + parts["lost_by_silence"]).to_list() == pytest.approx(parts["drop_off"].to_list())
    assert parts.loc["all", "drop_off_mature"] == pytest.approx(parts.loc["all", "drop_off"], abs=0.02)


def test_opportunities_without_amounts_are_counted_in_journeys(world, project) -> None:
    score(world, project)
    rows = rows_of(world, "opportunity", "segment unit currency amount probability_positive flags")
    assert {row[1:3] for row in rows} == {("journeys", "")}
    assert all("not_proven" in row[5] for row in rows if row[4] < 0.9)


def test_without_a_source_of_tickets_there_is_no_contact_rate(scored) -> None:
    row = scored[(scored["estimand"] == "contact_rate") & (scored["segment"] == "all")].iloc[0]
    assert np.isnan(row["estimate"])
    assert (row["flags"], row["customer_count"]) == ("no_source", 600)


def test_where_tickets_are_told_customers_without_one_are_none(world, project) -> None:
    world.execute("update event set event_kind = 'ticket_created' where event_id = 'e0-1'")
    score(world, project)
    rates = rows_of(world, "metric_value", "estimand segment estimate flags")
    assert ("contact_rate", "all", 0.0, "thin") in rates


def test_voice_and_rating_stay_apart(scored) -> None:
    overall = scored[(scored["segment"] == "all") & (scored["stage"] == "")].set_index("estimand")
    assert overall.loc["voice", "estimate"] == pytest.approx(-0.125)
    assert overall.loc["rating", "estimate"] == pytest.approx(0.6)
    # all answers are equal, so that there is no interval
    assert overall.loc["rating", "flags"] == "thin,nps"


def test_quotes_are_short_and_at_most_five_a_cell(world, project) -> None:
    score(world, project)
    quotes = rows_of(world, "stage_quote", "segment stage text")
    assert len(quotes) == 10
    assert {q[0] for q in quotes} == {"all", "corp"}
