"""The examples: each is checked as its user would, and a small one is compared with what was simulated."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

import journey_mining
from journey_mining.errors import SettingsError
from journey_mining.examples import example_names, make_example
from journey_mining.project import load_project
from journey_mining.simulation.described import CompanyPlan
from journey_mining.simulation.described.walks import happenings
from journey_mining.sources.workbench import check_source
from journey_mining.steps import run_line

pytestmark = pytest.mark.slow
LATER = datetime(2026, 12, 31)  # noqa: DTZ001 - UTC
PLANTED = {("hosting", "bitrix24"), ("hosting", "zendesk")}
"""sources in which a line is broken on purpose"""


@pytest.mark.parametrize("name", example_names())
def test_the_checker_finds_nothing_to_change_in_an_example(tmp_path: Path, name: str) -> None:
    make_example(tmp_path / name, name, customers=60)
    project = load_project(tmp_path / name)
    for check in check_source(project, now=LATER):
        assert check.kinds, check.source
        assert check.mapped_share is None or check.mapped_share > project.stages.min_coverage
        assert check.advice == () or (name, check.source) in PLANTED


def test_an_unknown_example_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'shop'"):
        make_example(tmp_path / "p", "shp")


def simulated(plan: CompanyPlan, until: float) -> dict[tuple[str, str], int]:
    """Customers who came into each stage, by segment, as they were simulated."""
    came = {
        (one.customer.segment.id, one.stage.id, one.customer.no)
        for one in happenings(plan)
        if one.touch == plan.touch[one.stage.enters] and one.at < until
    }
    cells = [(segment, stage) for segment, stage, _ in came]
    return {cell: cells.count(cell) for cell in sorted(set(cells))}


def test_a_small_example_shows_what_was_simulated_and_follows_accounts(tmp_path: Path) -> None:
    plan = make_example(tmp_path / "p", "certification", customers=120)
    run_line(tmp_path / "p")
    until = plan.days - 40  # later entries may lie behind the cutoff
    end = datetime.combine(plan.begins, datetime.min.time()) + timedelta(days=until)
    opened = journey_mining.open(tmp_path / "p")
    episodes = opened.table("stage_episode").merge(opened.table("journey_segment"), on="journey_id")
    shown = episodes[episodes["entered_at"] < end].groupby(["segment", "stage"])["journey_id"].nunique()
    assert shown.to_dict() == simulated(plan, until)
    steps = opened.table("journey_step")
    assert steps.groupby("journey_id")["member_id"].nunique().max() == plan.members == 2
    assert (tmp_path / "p" / "site" / "ru" / "index.html").is_file()
