"""Readers who add and subtract what the files of a site tell find no group of fewer than ten customers."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from drawn_site import drawn
from drawn_world import TOUCHPOINTS, Shape, fill, invented_project
from journey_mining.maps.segment_maps import ground_of
from journey_mining.maps.segments import limits_of, segment_heads, stage_heads
from journey_mining.maps.tables import Tables, read_tables
from journey_mining.maps.told_paths import told_paths
from journey_mining.maps.variants import way_of
from journey_mining.warehouse import DuckDBWarehouse
from reader import Reader, Stages, Steps, Way, figure, table

WORLDS = {
    "two segments that are too small": Shape(
        stages=4, seed=3, sizes={"smb": 21, "corp": 4, "unknown": 6, "personal": 260}
    ),
    "a segment just large enough": Shape(
        stages=4, seed=3, sizes={"smb": 120, "personal": 90, "corp": 45, "unknown": 14}
    ),
    "four people without a segment": Shape(
        stages=4, seed=3, sizes={"smb": 200, "personal": 260, "corp": 100, "unknown": 4}
    ),
    "three segments alike": Shape(stages=4, seed=3, sizes={"smb": 80, "personal": 60, "corp": 60, "unknown": 0}),
    "small beside large": Shape(stages=4, seed=3, sizes={"smb": 400, "personal": 500, "corp": 30, "unknown": 12}),
    # here the stage flows of one segment told how many of four people had entered a stage
    "four people beside many": Shape(
        stages=3, seed=140, sizes={"smb": 200, "corp": 260, "unknown": 4, "personal": 900}
    ),
    # and here several pictures together told of nine people in segments that are too small
    "three small ones together": Shape(
        stages=4, seed=1197, sizes={"smb": 498, "personal": 8, "corp": 26, "unknown": 4}
    ),
}


@dataclass(frozen=True)
class World:
    site: Path
    shape: Shape
    tables: Tables

    def folder(self, slug: str) -> Path:
        return self.site / "en" / "segments" / slug


@pytest.fixture(scope="module", params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    shape = WORLDS[request.param]
    with DuckDBWarehouse() as warehouse:
        fill(warehouse, shape)
        return World(drawn(shape, tmp_path_factory.mktemp("world") / "site"), shape, read_tables(warehouse))


def test_first_steps_of_all_segments_together_tell_of_no_small_group(world: World) -> None:
    counts = {
        (row["segment"], row["step_no"], row["activity"], row["next_activity"]): row["journey_count"]
        for row in world.tables.rows["step_flow"]
    }
    steps = Steps(counts, {en: i for found in TOUCHPOINTS.values() for i, _, en, _ in found})
    for folder in sorted((world.site / "en" / "segments").iterdir()):
        steps.read(folder.name, table(folder / "csv" / "step_flows.csv"))
    assert steps.leaks() == []
    assert steps.wanted


def test_stages_variants_returns_and_sizes_together_tell_of_no_small_group(world: World) -> None:
    project = invented_project(world.shape)
    heads = stage_heads(project)
    order = {head.id: head.number for head in heads}
    counts = {
        (row["segment"], row["stages"], row["ending"]): row["journey_count"]
        for row in world.tables.rows["trace_variant"]
    }
    stages = Stages(counts, order, {head.name.en: head.id for head in heads})
    ways = drawn_ways(world, counts, order, stages.parts)
    for name, size, *_ in table(world.site / "en" / "csv" / "segments.csv"):
        segment = {"All customers": "all", "Small business": "smb", "Individuals": "personal", "Corporate": "corp"}
        if size:
            stages.knows_size(segment.get(name, "unknown"))
    for segment, found in ways.items():
        stages.read(segment, world.folder(segment), found)
    assert stages.leaks() == []
    assert stages.wanted


def drawn_ways(
    world: World, counts: dict[tuple[str, str, str], int], order: dict[str, int], parts: list[str]
) -> dict[str, dict[Way, set[str]]]:
    """Ways of each Sankey, and the segments whose journeys they hold: everybody's may be cut down to some."""
    project = invented_project(world.shape)
    limits = limits_of(project)
    heads = segment_heads(world.tables, limits)
    ground = ground_of(world.tables, project, limits, stage_heads(project))
    ways = told_paths(ground, [head for head in heads if head.has_pages]).ways
    full: Counter[Way] = Counter()
    for (segment, path, ending), n in counts.items():
        full[way_of(path, order), ending] += n if segment == "all" else 0
    found = {s: {(way.stages, way.ending): {s} for way in own.drawn} for s, own in ways.items()}
    for way in ways["all"].drawn:
        key = (way.stages, way.ending)
        cut = {s for s in found if s != "all" and key in found[s]}
        found["all"][key] = set(parts) if way.journeys == full[key] else cut
    return found


def test_everybody_minus_the_segments_is_no_small_group_in_any_table(world: World) -> None:
    told: dict[object, dict[str, int]] = defaultdict(dict)
    for folder in sorted((world.site / "en" / "segments").iterdir()):
        for source, target, n in table(folder / "csv" / "process.csv"):
            told["move", source, target][folder.name] = int(n)
        for stage, entered, *_ in table(folder / "csv" / "stages.csv"):
            told["entered", stage][folder.name] = int(entered or 0)
        for stage, touchpoint, n in touchpoints(folder / "map.html"):
            told["used", stage, touchpoint][folder.name] = n
    for estimand, _, segment, _, stage, *_, n, _, _, _, _ in table(world.site / "en" / "csv" / "metrics.csv"):
        told[estimand, stage][segment] = int(n or 0)
    rests = {key: n["all"] - sum(n[s] for s in n if s != "all") for key, n in told.items() if n.get("all")}
    assert rests
    assert {key: rest for key, rest in rests.items() if 0 < rest < 10} == {}


def touchpoints(page: Path) -> list[tuple[int, str, int]]:
    """Column, touchpoint and customers of every chip of a map that tells a number."""
    row = re.search(r'<tr class="r-touchpoints">(.*?)</tr>', page.read_text(encoding="utf-8"), re.DOTALL)
    assert row is not None
    chip = re.compile(r'<bdi>([^<]+)</bdi></span><span class="vol num">([\d,]+)<')
    return [
        (column, name, int(n.replace(",", "")))
        for column, cell in enumerate(row[1].split("<td>")[1:])
        for name, n in chip.findall(cell)
    ]


def test_pictures_and_both_languages_hold_the_numbers_of_the_files_and_no_others(world: World) -> None:
    for folder in sorted((world.site / "en" / "segments").iterdir()):
        russian = world.site / "ru" / "segments" / folder.name
        for path in sorted((folder / "csv").iterdir()):
            other = csv.reader((russian / "csv" / path.name).read_text("utf-8-sig").splitlines(), delimiter=";")
            # rows of the same number stand in the order of their names
            assert sorted(map(whole_numbers, list(other)[1:])) == sorted(map(whole_numbers, table(path)))
        page = folder / "paths.html"
        for name in ("f-stage", "f-step"):
            drawing = figure(page, name)
            links = drawing["data"][0]["link"]["value"] if drawing else []
            assert [value for value in links if 0 < value < 10 and value == int(value)] == []


def whole_numbers(row: list[str]) -> list[str]:
    return [cell for cell in row if cell.isdigit()]


def test_a_reader_with_enough_equations_finds_the_cell() -> None:
    reader = Reader()
    reader.knows(["a", "b", "c"])
    reader.knows(["a", "b"])
    assert reader.found({"c": ["c"], "b": ["b"], "a or b": ["a", "b"]}) == ["c", "a or b"]
