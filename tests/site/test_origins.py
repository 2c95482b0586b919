"""The data page tells the truth about where the numbers of every other page come from."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from drawn_site import STAMP
from drawn_world import Shape, fill, invented_project
from journey_mining.dashboards import draw_site
from journey_mining.dashboards.origin_view import DEFINED_TABLES, SHOWN_ON
from journey_mining.maps import freeze, freeze_pictures
from journey_mining.maps.tables import SHOWN_TABLES, Tables, read_tables
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import DuckDBWarehouse

Site = Callable[[str], Path]
DECIDING = {"run_setting", "segment", "stage", "touchpoint", "stage_flow", "excluded_event"}
"""tables without which no page can be drawn, or that only decide what is hidden"""
EVERYWHERE = {"metric_value", "metric_history"}
"""a number more or less changes the links of every page"""


class Cards(HTMLParser):
    """Cards and rows of a map, each with the definitions that its heading, head cells or name link to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str]]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "section" or (tag == "tr" and values.get("class", "").startswith("r-")):
            name = values.get("aria-labelledby") or values.get("id") or values.get("class", "")
            self.found.append((name, set()))
        if tag == "a" and "data.html#" in values.get("href", "") and self.found:
            self.found[-1][1].add(values["href"].split("#")[1])


DECLARED = {"r-goals", "r-actions", "r-drop joined", "card persona", "src", "h-segments", "h-marks"}
"""what people said or what links number by number in its head"""


@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "segments/smb/map.html",
        "segments/smb/paths.html",
        "segments/smb/what_if.html",
        "segments/smb/stages/research.html",
        "compare/smb--corp.html",
        "trends.html",
    ],
)
def test_every_part_of_every_page_leads_to_its_definition(site: Site, page: str) -> None:
    cards = Cards(site("usual") / "en" / page).found
    assert [name for name, links in cards if not links and not any(name.startswith(d) for d in DECLARED)] == []
    known = {*DEFINED_TABLES, *map(str, Estimand)}
    assert {link for _, links in cards for link in links} <= known | {"sources", "identity"}


def test_a_definition_leads_to_its_table_and_on_to_the_files(site: Site) -> None:
    page = (site("usual") / "en" / "data.html").read_text(encoding="utf-8")
    reads = {
        table: re.findall(r'href="#t-([a-z_]+)"', row)
        for table, row in re.findall(r'(?s)<tr id="t-([a-z_]+)">(.*?)</tr>', page)
    }
    [row] = re.findall(r'(?s)<tr id="drop_off">(.*?)</tr>', page)
    assert re.findall(r'href="#t-([a-z_]+)"', row) == ["metric_value", "episode_time"]
    way, seen = ["episode_time"], set()
    while way:
        seen.add(table := way.pop())
        way += [name for name in reads[table] if name not in seen]
    assert "raw_file" in seen
    assert "sql/70_scores/episode_time.sql" in page


def test_the_rows_of_a_measure_are_those_of_the_file_of_all_numbers(site: Site) -> None:
    folder = site("usual") / "en" / "csv"
    with (folder / "metrics.csv").open(encoding="utf-8-sig") as every:
        wanted = [row for row in csv.reader(every) if row[0] == "drop_off"]
    with (folder / "metric_drop_off.csv").open(encoding="utf-8-sig") as own:
        assert list(csv.reader(own))[1:] == wanted
    assert len(wanted) > 20


def test_a_total_that_does_not_agree_is_said_so(site: Site) -> None:
    page = (site("usual") / "en" / "data.html").read_text(encoding="utf-8")
    [texts] = re.findall(r"<tr><th scope=\"row\">Texts</th>.*?</tr>", page)
    assert "differs" in texts
    assert "texts 410 = scored 409" in re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", texts))


def test_seconds_stand_only_in_the_marked_block(tmp_path: Path) -> None:
    shape = Shape(stages=2, segments=1, nights=1)
    with DuckDBWarehouse() as warehouse:
        fill(warehouse, shape)
        project = invented_project(shape)
        pictures = freeze_pictures(warehouse, project)
    stamp = replace(STAMP, steps=(("load", 12.3), ("scores", 45.6)))
    draw_site(pictures, project, stamp=stamp, out=tmp_path)
    page = (tmp_path / "en" / "data.html").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"(?s)<!-- stamp -->(.*?)<!-- /stamp -->", page))
    assert ("12.3" in blocks, "45.6" in blocks, page.count("45.6")) == (True, True, 1)


@pytest.fixture(scope="module")
def small_tables() -> Iterator[tuple[DuckDBWarehouse, Shape, Tables]]:
    shape = Shape(stages=4, segments=2, nights=30)
    with DuckDBWarehouse() as warehouse:
        fill(warehouse, shape)
        yield warehouse, shape, read_tables(warehouse)


@pytest.mark.slow
def test_pages_show_the_tables_they_are_said_to_show(
    small_tables: tuple[DuckDBWarehouse, Shape, Tables], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each table is emptied in turn: the pages that change are those that show something of it."""
    warehouse, shape, tables = small_tables
    monkeypatch.setattr(freeze, "read_tables", lambda _warehouse: tables)
    whole = drawn_kinds(warehouse, shape, tmp_path / "whole")
    # what a gate does to the pages shows where one fails: alarms are muted then
    failing = tuple({**row, "standing": "fail"} for row in tables.rows["gate_result"])
    muted = replace(tables, rows={**tables.rows, "gate_result": failing})
    monkeypatch.setattr(freeze, "read_tables", lambda _warehouse: muted)
    red = drawn_kinds(warehouse, shape, tmp_path / "red")
    wrong = {}
    for name in sorted(set(SHOWN_TABLES) - DECIDING - EVERYWHERE):
        less = replace(tables, rows={**tables.rows, name: ()})
        monkeypatch.setattr(freeze, "read_tables", lambda _warehouse, less=less: less)
        found = drawn_kinds(warehouse, shape, tmp_path / name)
        usual = red if name == "gate_result" else whole
        changed = {kind for kind in usual if found.get(kind) != usual[kind]}
        if changed != set(SHOWN_ON[name]):
            wrong[name] = sorted(changed)
    assert wrong == {}


def drawn_kinds(warehouse: DuckDBWarehouse, shape: Shape, out: Path) -> dict[str, list[str]]:
    """Contents of the English pages by kind, without what differs between runs."""
    project = invented_project(shape)
    settings = project.settings.model_copy(
        update={"project": project.settings.project.model_copy(update={"languages": ("en",)})}
    )
    project = replace(project, settings=settings)
    draw_site(freeze_pictures(warehouse, project), project, stamp=STAMP, out=out)
    kinds: dict[str, list[str]] = {}
    for page in sorted((out / "en").rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        [kind] = re.findall(r'data-page="(\w+)"', text)
        kinds.setdefault(kind, []).append(text)
    return kinds
