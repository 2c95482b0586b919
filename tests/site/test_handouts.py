"""Handouts that a browser draws or opens."""

from __future__ import annotations

import base64
import html
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as ET  # noqa: N817 - the name that everybody knows
import pytest

from drawn_site import SHAPES, STAMP
from drawn_world import fill, invented_project
from journey_mining.dashboards import scene_of
from journey_mining.dashboards.one_file import one_file
from journey_mining.errors import NotFoundError
from journey_mining.handouts.chromium import Chromium, found_chromium
from journey_mining.handouts.prints import drawing_of, pdf_of, picture_of
from journey_mining.maps import freeze_pictures
from journey_mining.warehouse import DuckDBWarehouse
from opened_page import WIDTHS, opened

Site = Callable[[str], Path]
AS_OF = datetime(2026, 9, 28)  # noqa: DTZ001
MAP, PATHS = "ru/segments/smb/map.html", "ru/segments/smb/paths.html"
DEAD_LINKS = """() => [...document.querySelectorAll('a[href^="#"]')]
  .map(link => link.getAttribute('href').slice(1)).filter(name => !document.getElementById(name))"""
browser = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The one file of a shape, made once."""
    done: dict[str, Path] = {}

    def write(name: str) -> Path:
        if name not in done:
            with DuckDBWarehouse() as warehouse:
                fill(warehouse, SHAPES[name])
                project = invented_project(SHAPES[name])
                scene = scene_of("ru", freeze_pictures(warehouse, project), project, STAMP)
            done[name] = tmp_path_factory.mktemp("one") / "smb.html"
            picture = next(picture for picture in scene.pictures.maps if picture.segment.id == "smb")
            done[name].write_text(one_file(scene, picture), encoding="utf-8")
        return done[name]

    return write


@pytest.fixture(scope="module")
def printer(chromium: Any) -> Iterator[Chromium]:
    """A browser of the product's own, where the tests' one is there too."""
    del chromium
    with Chromium(found_chromium()) as started:
        yield started


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every sheet in whole points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@browser
@pytest.mark.parametrize("shape", [pytest.param("usual", marks=pytest.mark.slow), "hostile"])
def test_one_file_opens_alone_and_leads_nowhere_else(files: Callable[[str], Path], chromium: Any, shape: str) -> None:
    with opened(chromium, files(shape), height=40_000) as tab:
        assert tab.faults == []
        assert tab.evaluate(DEAD_LINKS) == []
        assert tab.evaluate("document.querySelectorAll('img[src=x]').length") == 0
        addresses = tab.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
        width, window = tab.evaluate(WIDTHS)
    assert {address.partition(":")[0][:1] for address in addresses} <= {"#", "d"}
    assert width <= window


def test_names_in_one_file_are_unique_and_its_scripts_are_allowed_by_hash(files: Callable[[str], Path]) -> None:
    text = files("usual").read_text(encoding="utf-8")
    assert [name for name, count in Counter(re.findall(r'\sid="([^"]+)"', text)).items() if count > 1] == []
    assert len(re.findall(r"'sha256-[\w+/=]{44}'", html.unescape(text.partition("<title>")[0]))) == 3
    assert "unsafe-inline" not in re.search(r"script-src ([^;]*);", html.unescape(text))[1]  # type: ignore[index]


def test_tables_in_one_file_are_those_of_the_site(files: Callable[[str], Path], site: Site) -> None:
    text = files("usual").read_text(encoding="utf-8")
    held = dict(
        reversed(pair)
        for pair in re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="([^"]+)"', text)
    )
    folder = site("usual") / "ru/segments/smb/csv"
    assert {"stages.csv", "stage_flows.csv", "variants.csv"} <= set(held)
    assert base64.b64decode(held["stages.csv"]) == (folder / "stages.csv").read_bytes()


@browser
def test_the_map_is_printed_on_two_sheets_of_either_size(site: Site, printer: Chromium) -> None:
    large = pdf_of(printer, site("usual") / MAP, AS_OF)
    small = pdf_of(printer, site("usual") / MAP, AS_OF, paper="a4")
    assert pages_of(large) == [(1191, 842)] * 2
    assert pages_of(small) == [(842, 596)] * 2
    assert set(re.findall(rb"Date \(D:(\d{14})", large)) == {b"20260928000000"}


@browser
@pytest.mark.slow
def test_a_fresh_browser_prints_the_same_bytes(site: Site, printer: Chromium) -> None:
    del printer
    prints = []
    for _ in range(2):
        with Chromium(found_chromium()) as started:
            prints.append(pdf_of(started, site("usual") / MAP, AS_OF))
    assert prints[0] == prints[1]


@browser
@pytest.mark.parametrize(("shape", "page", "figure"), [("usual", MAP, "emotion"), ("hostile", PATHS, "stage-flow")])
def test_a_figure_leaves_its_page_with_its_date(
    site: Site, printer: Chromium, shape: str, page: str, figure: str
) -> None:
    drawing = drawing_of(printer, site(shape) / page, figure)
    root = ET.fromstring(drawing)
    words = " ".join("".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "28.09.2026" in words
    assert b"<script" not in drawing
    assert b"@" not in re.sub(rb">[^<]*<", b"><", drawing)  # no colour is left by its name
    assert drawing == drawing_of(printer, site(shape) / page, figure)


@browser
def test_figures_and_pages_are_pictures_of_twice_the_pixels(site: Site, printer: Chromium) -> None:
    page = picture_of(printer, site("usual") / MAP)
    process = picture_of(printer, site("usual") / PATHS, "process")
    assert page.startswith(b"\x89PNG") and process.startswith(b"\x89PNG")  # noqa: PT018
    assert struct.unpack(">I", page[16:20]) == (2880,)
    assert struct.unpack(">I", process[16:20])[0] > 1000


def test_a_drawing_without_plotly_is_no_svg(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"process.*Expected: .*To do: "):
        drawing_of(None, tmp_path / "paths.html", "process")  # type: ignore[arg-type]


def test_without_a_browser_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_CHROMIUM", "no-such-browser")
    with pytest.raises(NotFoundError, match=r"no-such-browser.*Expected: .*To do: Install Chromium"):
        found_chromium()
