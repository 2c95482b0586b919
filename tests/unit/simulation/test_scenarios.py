"""Each scenario plants what it says, and nothing but that."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.simulation import SCENARIOS, STAGES, plan, write_world
from journey_mining.simulation.people import Person, people
from journey_mining.simulation.scenarios import DEFAULT, TINY_SEGMENT
from journey_mining.simulation.truth import cumulative_incidence


def lived(name: str, customers: int = 4000) -> list[Person]:
    return people(5, customers, SCENARIOS[name])


def stays(persons: list[Person], segment: str, stage: str):
    place = STAGES.index(stage)
    lives = [life for person in persons if person.segment == segment for life in person.lives]
    return [stay for life in lives for stay in life.episodes if stay.stage == place]


def progress(found) -> float:
    return sum(stay.cause == "progress" for stay in found) / len(found)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    made: dict[str, Path] = {}

    def world(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            write_world(made[name], customers=300, seed=2, scenario=name)
        return made[name]

    return world


def scenario_key(folder: Path):
    return json.loads((folder / "answer_key" / "scenario.json").read_text("utf-8"))


def deal_cells(folder: Path) -> list[dict[str, str]]:
    path = next(folder.glob("bitrix24/deals_*.csv"))
    heading, *rows = csv.reader(io.StringIO(path.read_text("cp1251"), newline=""), delimiter=";")
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_an_unknown_scenario_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(JourneyMiningError, match="null, drift, action"):
        write_world(tmp_path, customers=50, seed=1, scenario="nil")


def test_the_default_world_knows_nothing_of_scenarios(written):
    assert not (written("default") / "answer_key" / "scenario.json").exists()
    assert DEFAULT.altered_cells() == []


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - {"default"}))
def test_every_scenario_writes_its_truth(name, written):
    key = scenario_key(written(name))
    assert (key["scenario"], key["about"]) == (name, SCENARIOS[name].about)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_cells_of_every_scenario_are_shares(name):
    cells = SCENARIOS[name].cells.values()
    assert all(0 <= cell.lost <= 1 and 0 <= cell.progress <= 1 for cell in cells)


def test_in_a_null_world_all_segments_are_alike():
    null = SCENARIOS["null"]
    for stage in STAGES:
        assert len({null.cells[segment, stage] for segment in plan.SEGMENTS}) == 1
    assert (len(set(null.has_deal.values())), len(set(null.loss_written.values()))) == (1, 1)
    assert (null.changes, {cell.back for cell in null.cells.values()}) == ((), {0.0})


def test_a_change_begins_on_its_day_and_not_before():
    found = stays(lived("drift", 9000), "personal", "decision")
    before = progress([stay for stay in found if stay.entered < 179])
    after = progress([stay for stay in found if stay.entered > 181])
    assert (before, after) == (pytest.approx(0.70, abs=0.045), pytest.approx(0.55, abs=0.065))


def test_an_action_lifts_one_cell_by_eight_points():
    (drift, action) = SCENARIOS["action"].changes
    assert (drift.segment, action.segment, action.progress_by, action.from_day) == ("personal", "smb", 0.08, 200.0)


def test_a_slow_answer_costs_what_is_planted_and_the_cell_as_a_whole_stays():
    found = stays(lived("slow_answer", 6000), "smb", "decision")
    slow, fast = ([stay for stay in found if stay.is_slow is flag] for flag in (True, False))
    assert (progress(slow), progress(fast)) == (pytest.approx(0.34, abs=0.05), pytest.approx(0.586, abs=0.06))
    slow_answer = SCENARIOS["slow_answer"].slow_answer
    mixed = slow_answer.slow_share * slow_answer.slow_progress + (1 - slow_answer.slow_share) * 0.586
    assert mixed == pytest.approx(plan.CELLS["smb", "decision"].progress, abs=0.001)


def test_the_delay_of_the_answer_can_be_read_from_the_history_of_the_deal(written):
    folder = written("slow_answer")
    created = {row["ID"]: row["Дата создания"] for row in deal_cells(folder) if row["Тип клиента"] == "Малый бизнес"}
    import gzip

    history = json.loads(gzip.decompress(next(folder.glob("bitrix24/stagehistory*")).read_bytes()))["result"]["items"]
    answers: dict[str, float] = {}
    for item in history:
        deal = item["OWNER_ID"]
        if item["STAGE_ID"] == "PREPARATION" and deal in created and deal not in answers:
            opened = datetime.strptime(created[deal] + " +0300", "%d.%m.%Y %H:%M:%S %z")
            answers[deal] = (datetime.fromisoformat(item["CREATED_TIME"]) - opened).total_seconds() / 86400
    assert len(answers) > 20
    assert not [days for days in answers.values() if 0.9 < days < 1.09]


def test_those_who_want_it_more_open_the_placebo_more_often():
    persons = lived("placebo", 2000)
    shares = [
        sum(p.nature.opens_placebo for p in persons if p.nature.wants_it is flag)
        / sum(p.nature.wants_it is flag for p in persons)
        for flag in (True, False)
    ]
    assert shares == [pytest.approx(0.8, abs=0.05), pytest.approx(0.2, abs=0.05)]


def test_the_placebo_page_is_seen_by_nobody_else(written):
    import gzip

    folder = written("placebo")
    hits = "".join(gzip.decompress(path.read_bytes()).decode() for path in sorted(folder.glob("metrica/*.gz")))
    cookies = {line.split("\t")[3] for line in hits.splitlines() if "/calculator" in line}
    owners = {c: p for p in people(2, 300, SCENARIOS["placebo"]) for c in p.cookies}
    seen_by = {owners[cookie].nature.opens_placebo for cookie in cookies if cookie in owners}
    robots = cookies - set(owners)
    assert (seen_by, len(robots) < 20) == ({True}, True)


def test_what_follows_an_order_depends_on_the_last_page_of_research():
    persons = lived("memory", 3000)
    shares = [
        progress(stays([p for p in persons if p.nature.by_first_page is flag], "smb", "decision"))
        for flag in (True, False)
    ]
    assert shares == [pytest.approx(0.78, abs=0.05), pytest.approx(0.22, abs=0.06)]


def test_two_deals_at_once_begin_together_and_end_together(written):
    folder = written("two_deals")
    rows = [row for row in deal_cells(folder) if row["Воронка"] == "Продажи" and row["Тип клиента"] == "Корпорация"]
    by_contact = Counter(row["Контакт"] for row in {row["ID"]: row for row in rows}.values())
    assert scenario_key(folder)["people_with_two_deals"] > 0
    assert max(by_contact.values()) >= 2


def test_some_pass_over_research_and_some_look_at_reviews_first():
    lives = [life for person in lived("intended", 5000) for life in person.lives]
    ways = Counter((a.stage, b.stage) for life in lives for a, b in pairwise(life.episodes))
    assert ways[0, 2] / (ways[0, 1] + ways[0, 2]) == pytest.approx(0.12, abs=0.02)
    assert ways[1, 5] / (ways[1, 2] + ways[1, 5]) == pytest.approx(0.07, abs=0.02)
    assert ways[5, 2] > 0.9 * ways[1, 5]


def test_arrivals_of_a_season_swing_and_rest_on_weekends():
    days = [life.episodes[0].entered for person in lived("season", 3000) for life in person.lives[:1]]
    weekend = sum((int(day) + 3) % 7 >= 5 for day in days) / len(days)
    high = sum(9 <= day % 90 < 36 for day in days)
    low = sum(54 <= day % 90 < 81 for day in days)
    assert weekend < 0.12
    assert high > 2 * low


def test_four_people_make_the_tiny_segment():
    assert Counter(person.segment for person in lived("tiny", 300))[TINY_SEGMENT] == 4


def test_nights_deliver_growing_states_of_the_crm_and_each_hit_once(written):
    import gzip

    folder = written("late")
    nights = sorted(path.name for path in folder.glob("delivery_*"))
    deals = [len({row["ID"] for row in deal_cells(folder / night)}) for night in nights]
    lines = [
        line.split("\t")[0]
        for path in sorted(folder.glob("delivery_*/metrica/*.gz"))
        for line in gzip.decompress(path.read_bytes()).decode().splitlines()[1:]
    ]
    doubled = sum(count - 1 for count in Counter(lines).values())
    assert (len(nights), deals == sorted(deals), deals[0] < deals[-1]) == (5, True, True)
    assert doubled / len(lines) < 0.02
    assert scenario_key(folder)["late_hits"] > 0


def test_a_deal_of_an_earlier_night_keeps_its_number(written):
    folder = written("nightly")
    first, last = ({row["ID"]: row for row in deal_cells(folder / f"delivery_{no}")} for no in (1, 5))
    assert all(last[deal]["Дата создания"] == row["Дата создания"] for deal, row in first.items())


def test_requests_to_be_forgotten_name_every_own_string(written):
    asked = scenario_key(written("erasure"))["erase"]
    assert len(asked) == 5
    assert all(entry["value"] in entry["strings"] for entry in asked)


def test_the_truth_of_a_scenario_comes_from_its_own_cells():
    alike = [cumulative_incidence(s, "decision", 4000, SCENARIOS["null"])["lost"][59] for s in plan.SEGMENTS]
    assert max(alike) - min(alike) < 0.04
