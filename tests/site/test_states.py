"""Every kind of page in every state a reader can put it into: widths, themes, languages, paper.

All of them are looked at by `make test-site`. Elsewhere an eighth is; which one follows from the files that draw the
pages: whoever changes a page looks at other states than the one before.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from journey_mining import dashboards
from opened_page import OVERLAPS, WIDTHS, opened

Site = Callable[[str], Path]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "index.html",
    "data.html",
    "trends.html",
    "segments/smb/map.html",
    "segments/smb/paths.html",
    "segments/smb/what_if.html",
    "segments/smb/stages/research.html",
    "compare/smb--corp.html",
)
VIEWS = ("wide", "dark", "narrow", "paper")
SHAPES_SHOWN = ("usual", "twelve stages", "web only", "forty segments", "small")
TURNS = 8
_PAPER = 1512
_AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@dataclass(frozen=True)
class State:
    shape: str
    page: str
    view: str
    language: str

    def __str__(self) -> str:
        return f"{self.shape.replace(' ', '_')}-{self.language}-{self.page.replace('/', '_')[:-5]}-{self.view}"


def all_states() -> list[State]:
    """The usual company in all of its states, and the others where shapes can break a page."""
    usual = [State("usual", page, view, language) for page, view, language in product(PAGES, VIEWS, ("ru", "en"))]
    others = [
        State(shape, page, "wide", "ru")
        for shape, page in product(SHAPES_SHOWN[1:], ("index.html", "segments/all/map.html", "segments/all/paths.html"))
    ]
    return [*usual, *others]


def states() -> list[State]:
    every = all_states()
    if os.environ.get("JOURNEY_SITE") == "all":
        return every
    digest = hashlib.sha256()
    for path in sorted(Path(dashboards.__file__).parent.rglob("*")):
        if path.suffix in (".css", ".js", ".j2", ".toml", ".py"):
            digest.update(path.read_bytes())
    turn = digest.digest()[0] % TURNS
    return [state for place, state in enumerate(every) if place % TURNS == turn]


@pytest.mark.parametrize("state", states(), ids=str)
def test_a_page_is_whole_in_this_state(site: Site, chromium: Any, state: State) -> None:
    page = site(state.shape) / state.language / state.page
    width = {"narrow": 390, "paper": _PAPER}.get(state.view, 1440)
    theme = "dark" if state.view == "dark" else "light"
    with opened(chromium, page, width=width, height=9000, theme=theme) as tab:
        if state.view == "paper":
            tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            tab.emulate_media(media="print")
        scrolled, visible = tab.evaluate(WIDTHS)
        assert scrolled <= visible
        assert tab.evaluate(OVERLAPS) == [] or state.view == "narrow"
        assert tab.faults == []
        keep(tab, state)
        if state.view != "paper":
            assert violations(tab) == []


def keep(tab: Any, state: State) -> None:
    """A picture of the state, where somebody wants to look at it."""
    folder = os.environ.get("JOURNEY_SITE_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=Path(folder) / f"{state}.png", full_page=True)


def violations(tab: Any) -> list[str]:
    """What axe finds, with every table behind a chart unfolded."""
    from axe_playwright_python.sync_playwright import Axe

    tab.evaluate("document.querySelectorAll('details.data').forEach(part => { part.open = true; })")
    found = Axe().run(tab, options=_AXE).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def test_axe_finds_a_fault_that_was_planted(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / "en" / "index.html") as tab:
        tab.evaluate("document.querySelector('#theme').removeAttribute('aria-label')")
        tab.evaluate("document.querySelector('#theme').removeAttribute('title')")
        assert [words.split(":")[0] for words in violations(tab)] == ["button-name"]


@pytest.mark.parametrize(
    ("page", "chart", "says"),
    [
        ("segments/smb/paths.html", "#stage-flow", "start of the journey, Awareness"),
        ("segments/smb/paths.html", "#step-flow", "1, "),
        ("segments/smb/stages/research.html", "#curve", "day"),
        ("trends.html", ".tr .box", ", "),
    ],
)
def test_arrow_keys_read_every_chart(site: Site, chromium: Any, page: str, chart: str, says: str) -> None:
    with opened(chromium, site("usual") / "en" / page) as tab:
        tab.locator(chart).first.focus()
        tab.keyboard.press("ArrowRight")
        first = tab.evaluate("[...document.querySelectorAll('[aria-live=polite]')].map(e => e.textContent).join('')")
        tab.keyboard.press("ArrowRight")
        second = tab.evaluate("[...document.querySelectorAll('[aria-live=polite]')].map(e => e.textContent).join('')")
        assert says in first
        assert first != second
        assert tab.faults == []


def test_every_chart_has_a_table_with_its_numbers(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / "en" / "segments/smb/paths.html", height=9000) as tab:
        bare = tab.evaluate("""() => [...document.querySelectorAll('[role=img][tabindex="0"]:not(g)')]
          .filter(chart => !chart.closest('.card').querySelector('details.data table tbody tr')).map(c => c.id)""")
    assert bare == []


def test_what_scrolls_sideways_is_reached_by_keyboard(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / "en" / "data.html", width=390) as tab:
        stops = tab.evaluate("""() => [...document.querySelectorAll('.wide')]
          .filter(b => b.scrollWidth > b.clientWidth).map(b => [b.tabIndex, b.getAttribute('aria-label')])""")
    assert len(stops) > 3
    assert {stop for stop, _ in stops} == {0}
    assert all(name for _, name in stops)
