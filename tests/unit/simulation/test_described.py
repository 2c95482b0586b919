"""Companies that a file describes: the file is checked, the mechanism keeps its shares, the exports their bytes."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from journey_mining.errors import JourneyMiningError, SettingsError
from journey_mining.examples import example_names, examples_root
from journey_mining.simulation.described import CompanyPlan, read_company, write_company
from journey_mining.simulation.described.walks import happenings

SHOP = """
sources = ["segment", "helpscout"]
customers = 900
seed = 5
days = 400
site = "shop.example"

[[stage]]
id = "look"
enters = "page"
touches = { page = 1 }
per_day = 0.5

[[stage]]
id = "buy"
back_to = "look"
enters = "order"
touches = { letter = 1 }
per_day = 0.5
ends = "order"
lost = "cancel"
lost_told = 1.0

[[segment]]
id = "everybody"
share = 1
mark = "all"
cell = { look = { progress = 0.6, days = 2 }, buy = { progress = 0.5, back = 0.2, days = 2 } }

[touch]
page = { system = "segment", what = "page", names = ["/{mark}/front"] }
order = { system = "segment", what = "track", names = ["Order Completed"], amount = [10, 20] }
cancel = { system = "segment", what = "track", names = ["Order Cancelled"] }
letter = { system = "helpscout", names = ["Help"], texts = "words" }

[text.words]
negative = ["It is bad.", "It is late."]
neutral = ["When?", "Where?"]
positive = ["It is good.", "It is early."]
"""


def plan_of(tmp_path: Path, text: str = SHOP, **instead: object) -> CompanyPlan:
    path = tmp_path / "company.toml"
    path.write_text(text, encoding="utf-8")
    return read_company(path, **instead)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('enters = "order"', 'enters = "ordr"', "stage buy: no touch 'ordr'"),
        ('back_to = "look"', 'back_to = "lok"', "stage buy: no stage 'lok'"),
        ('texts = "words"', 'texts = "word"', "touch letter: no text 'word'"),
        ("look = { progress = 0.6, days = 2 }, ", "", "segment everybody: cells are not those of all stages"),
        ("progress = 0.5, back = 0.2", "progress = 0.9, back = 0.2", "are more than everybody"),
        ("days = 400", "dayz = 400", "dayz"),
    ],
)
def test_a_file_that_names_what_is_not_there_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        plan_of(tmp_path, SHOP.replace(old, new, 1))
    assert told in str(refused.value)


def test_a_source_that_nobody_can_simulate_is_refused(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SHOP.replace('"helpscout"]', '"zendesk"]'))
    with pytest.raises(JourneyMiningError, match="Exports of zendesk cannot be simulated"):
        write_company(tmp_path / "inbox", plan)


def test_shares_of_those_who_go_on_are_those_of_the_file(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, customers=3000)
    # the last month is left out: these journeys are not over
    begun = {one.customer.no for one in happenings(plan) if one.is_first and one.at < plan.days - 40}
    entries: Counter[str] = Counter()
    before: dict[int, str] = {}
    for one in happenings(plan):
        if one.customer.no in begun and before.get(one.customer.no) != one.stage.id:
            entries[one.stage.id] += 1
            before[one.customer.no] = one.stage.id
    # who comes to buy does so after each look with .6; from buy .2 look again: entries are geometric sums
    looks = len(begun) / (1 - 0.6 * 0.2)
    assert entries["look"] == pytest.approx(looks, rel=0.03)
    assert entries["buy"] == pytest.approx(0.6 * looks, rel=0.05)


def test_a_change_decides_by_the_day_of_entry(tmp_path: Path) -> None:
    always = SHOP + '\n[[change]]\nstage = "look"\nfrom_day = 200\nprogress_by = 0.4\n'
    plan = plan_of(tmp_path, always)
    looked, bought = Counter[bool](), Counter[bool]()
    first: dict[int, float] = {}
    for one in happenings(plan):
        if one.is_first and one.at < plan.days - 40:
            first[one.customer.no] = one.at
            looked[one.at >= 200] += 1
        elif one.stage.id == "buy" and one.customer.no in first:
            bought[first.pop(one.customer.no) >= 200] += 1
    assert bought[True] == looked[True]
    assert bought[False] / looked[False] == pytest.approx(0.6, abs=0.08)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, customers=60)
    for folder in ("one", "two"):
        write_company(tmp_path / folder, plan)
    one, two = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in ("one", "two")
    )
    assert one == two
    assert len(one) > 3


def test_who_orders_has_said_who_he_is_before(tmp_path: Path) -> None:
    write_company(tmp_path / "inbox", plan_of(tmp_path, customers=80))
    known: set[str] = set()
    orders = 0
    for path in sorted((tmp_path / "inbox" / "segment").glob("calls_*.ndjson.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            call = json.loads(line)
            if call["type"] == "identify":
                known.add(call["userId"])
            elif call.get("event") == "Order Completed":
                orders += 1
                assert call["userId"] in known
    assert orders > 20


@pytest.mark.parametrize("name", example_names())
def test_stages_and_segments_of_an_example_are_those_of_its_project(name: str) -> None:
    from journey_mining.project import load_project

    folder = examples_root() / name
    plan = read_company(folder / "company.toml")
    if plan.scenario:
        return
    project = load_project(folder)
    assert [stage.id for stage in plan.stage] == [stage.id for stage in project.stages.stage]
    assert {segment.id for segment in plan.segment} == {segment.id for segment in project.segments.segment}
    silence = {s.id: (s.silence or project.settings.journeys.silence).days for s in project.stages.stage}
    assert plan.longest_pause < min(silence.values())
