"""Pages as Chromium draws them. One browser; each test opens what it needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from opened_page import OVERLAPS, WIDTHS, opened

Site = Callable[[str], Path]
pytestmark = pytest.mark.browser

slow = partial(pytest.param, marks=pytest.mark.slow)
MAP, PATHS = "ru/segments/smb/map.html", "ru/segments/smb/paths.html"
COMPARE, TRENDS, WHAT_IF = "ru/compare/smb--corp.html", "ru/trends.html", "ru/segments/smb/what_if.html"
CENTRES = """() => {
  const middle = e => { const r = e.getBoundingClientRect(); return (r.left + r.right) / 2; };
  const heads = [...document.querySelectorAll('.cjm thead th')].slice(1).map(middle);
  const last = document.querySelector('#emotion .scatterlayer').lastChild;
  const points = [...last.querySelectorAll('path.point')].map(middle);
  return points.map(x => Math.min(...heads.map(h => Math.abs(h - x))));
}"""
RATIOS = """id => [...document.querySelectorAll('#' + id + ' .sankey-node')]
  .filter(n => n.__data__.node.color !== 'rgba(0,0,0,0)')
  .map(n => n.querySelector('.node-rect').getBoundingClientRect().height / n.__data__.node.value)"""


@pytest.mark.parametrize(
    "page", ["index.html", "ru/index.html", slow("en/data.html"), MAP, PATHS, COMPARE, TRENDS, WHAT_IF]
)
def test_a_page_opens_from_disk_without_errors_or_requests(site: Site, chromium: Any, page: str) -> None:
    with opened(chromium, site("usual") / page) as tab:
        assert tab.faults == []


@pytest.mark.parametrize("page", [slow(MAP), PATHS])
def test_hostile_names_run_nothing(site: Site, chromium: Any, page: str) -> None:
    with opened(chromium, site("hostile") / page) as tab:
        assert tab.faults == []
        assert tab.evaluate("document.querySelectorAll('img[src=x]').length") == 0


@pytest.mark.parametrize("width", [1440, slow(1600), slow(1920)])
def test_points_of_the_curve_stand_over_their_columns(site: Site, chromium: Any, width: int) -> None:
    with opened(chromium, site("usual") / MAP, width=width) as tab:
        distances = tab.evaluate(CENTRES)
    assert len(distances) == 6
    assert max(distances) <= 1.0


@pytest.mark.parametrize(
    ("shape", "page"),
    [("usual", MAP), slow("usual", PATHS.replace("ru", "en", 1)), ("twelve stages", PATHS), slow("small", MAP)],
)
def test_labels_of_charts_do_not_overlap(site: Site, chromium: Any, shape: str, page: str) -> None:
    with opened(chromium, site(shape) / page) as tab:
        assert tab.evaluate(OVERLAPS) == []


@pytest.mark.parametrize(("page", "width"), [(PATHS, 1440), slow(MAP, 1440), slow(PATHS, 1920), slow(MAP, 1600)])
def test_labels_keep_apart_in_the_widest_font_of_the_list(site: Site, chromium: Any, page: str, width: int) -> None:
    with opened(chromium, site("usual") / page, width=width) as tab:
        tab.add_style_tag(content=':root { --font: "DejaVu Sans" }')
        tab.click("#theme")
        tab.wait_for_function("document.querySelector('.plot').layout.font.family.includes('DejaVu')")
        tab.wait_for_function("document.querySelectorAll('.plot g.annotation text').length > 5")
        assert tab.evaluate(OVERLAPS) == []
        scrolled, visible = tab.evaluate(WIDTHS)
        assert scrolled <= visible


@pytest.mark.parametrize("figure", ["stage-flow", "step-flow"])
def test_nodes_of_a_sankey_share_one_scale(site: Site, chromium: Any, figure: str) -> None:
    with opened(chromium, site("usual") / PATHS) as tab:
        ratios = tab.evaluate(RATIOS, figure)
    assert len(ratios) > 10
    assert max(ratios) - min(ratios) < 0.02 * max(ratios)


@pytest.mark.parametrize(
    ("shape", "page"),
    [
        slow("usual", "ru/data.html"),
        ("usual", PATHS),
        slow("hostile", "ru/index.html"),
        ("hostile", MAP),
        ("hostile", COMPARE),
        slow("usual", TRENDS),
        slow("hostile", WHAT_IF),
    ],
)
def test_a_narrow_page_does_not_scroll_sideways(site: Site, chromium: Any, shape: str, page: str) -> None:
    with opened(chromium, site(shape) / page, width=390) as tab:
        scrolled, visible = tab.evaluate(WIDTHS)
    assert scrolled <= visible


def test_the_ranking_of_losses_is_seen_on_a_narrow_page(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / PATHS, width=390) as tab:
        seen = tab.evaluate("""() => {
          const row = document.querySelector('.lossbox tr:last-child').getBoundingClientRect();
          const under = document.elementFromPoint(row.left + 40, row.top + row.height / 2);
          return !!under && !!under.closest('.lossbox');
        }""")
    assert seen


def test_numbers_are_readable_without_scripts(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / MAP, java_script_enabled=False) as tab:
        assert "скрипты отключены" in tab.inner_text("#emotion")
        tab.click("details.data summary")
        assert "−0,38" in tab.inner_text("details.data table")


def test_arrow_keys_read_the_curve(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / MAP) as tab:
        tab.focus("#emotion")
        tab.keyboard.press("ArrowRight")
        assert tab.inner_text("#emotion-reading").startswith("Исследование: −0,08")


def test_the_theme_changes_and_is_kept_by_figures(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / MAP, theme="dark") as tab:
        dark = tab.evaluate("document.querySelector('#emotion').layout.font.color")
        tab.click("#theme")
        tab.wait_for_function("document.querySelector('#emotion').layout.font.color !== '#E8EDF4'")
    assert dark == "#E8EDF4"


def test_the_slider_of_the_process_map_only_hides_edges(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / PATHS) as tab:
        before = tab.text_content(".dfg .nd")
        tab.fill("#detail", "1")
        shown = tab.evaluate("document.querySelectorAll('.dfg path.e:not(.off)').length")
        assert shown < tab.evaluate("document.querySelectorAll('.dfg path.e').length")
        assert tab.text_content(".dfg .nd") == before


def test_a_slider_looks_up_what_was_computed_and_the_address_remembers_it(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / WHAT_IF) as tab:
        tab.focus("#w-decision")
        for _ in range(3):
            tab.keyboard.press("ArrowRight")
        row = tab.inner_text('.wrow[data-stage="decision"]')
        assert all(words in row for words in ("−15", "+1,5\xa0п.\xa0п.", "+1,2…+1,8", "+0,6\xa0дн."))
        assert tab.get_attribute("#w-decision", "aria-valuetext").endswith("90\xa0% от\xa0+1,2…+1,8")
        assert tab.evaluate("location.hash") == "#decision=3"
        tab.evaluate("location.hash = '#support=7'")
        tab.wait_for_function("document.querySelector('#w-decision').value === '0'")
        assert "пожелание, а\xa0не\xa0план" in tab.inner_text('.wrow[data-stage="support"]')
        tab.click("#what-if-reset")
        assert (tab.evaluate("location.hash"), tab.faults) == ("", [])


def test_marks_of_a_comparison_stand_where_their_numbers_say(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / COMPARE) as tab:
        ends, places = tab.evaluate("""() => {
          const axis = document.querySelector('.axis').getBoundingClientRect();
          const marks = [...document.querySelectorAll('tbody tr:first-child .forest')[0].querySelectorAll('.pt')];
          const words = document.querySelector('tbody tr:first-child td.r').innerText.match(/[0-9,]+(?=.%)/g);
          const ticks = [...document.querySelectorAll('.axis')[0].children].map(t => parseInt(t.innerText, 10));
          const centre = m => { const r = m.getBoundingClientRect(); return (r.left + r.right) / 2; };
          return [words.map(w => axis.left + axis.width * parseFloat(w.replace(',', '.')) / ticks[ticks.length - 1]),
                  marks.map(centre)];
        }""")
    assert len(places) == 2
    assert all(abs(end - place) < 1 for end, place in zip(ends, places, strict=True))


def test_a_failed_run_shows_on_every_page(site: Site, chromium: Any, tmp_path: Path) -> None:
    import shutil
    from datetime import datetime

    from journey_mining.dashboards import RunStatus, write_status

    copy = shutil.copytree(site("usual"), tmp_path / "site")
    when = datetime(2026, 9, 29, 0, 40)  # noqa: DTZ001
    write_status(copy, RunStatus(outcome="failed", run_at=when, shown_until=when, reason="CHECK_FAILED"))
    with opened(chromium, copy / "en" / "data.html") as tab:
        assert "The last run failed" in tab.inner_text("#status")


@pytest.mark.parametrize("page", [MAP, slow(PATHS)])
def test_paper_is_light_and_has_its_charts(site: Site, chromium: Any, page: str, tmp_path: Path) -> None:
    with opened(chromium, site("usual") / page, theme="dark", width=1512) as tab:
        tab.emulate_media(media="print")
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        tab.wait_for_timeout(300)
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert tab.evaluate("document.querySelectorAll('.plot svg path').length") > 10
        assert tab.screenshot(path=tmp_path / "paper.png", full_page=True)


@pytest.mark.parametrize("width", [1440, slow(390)])
def test_points_of_the_printed_curve_stand_over_their_columns(site: Site, chromium: Any, width: int) -> None:
    with opened(chromium, site("usual") / MAP, width=width) as tab:
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        # only now does the page get the width of the sheet, as when a browser prints
        tab.set_viewport_size({"width": 1512, "height": 2000})
        tab.emulate_media(media="print")
        distances = tab.evaluate(CENTRES)
    assert len(distances) == 6
    assert max(distances) <= 1.0


def test_a_map_is_printed_on_two_sheets(site: Site, chromium: Any) -> None:
    with opened(chromium, site("usual") / MAP, width=1512) as tab:
        paper = tab.pdf(prefer_css_page_size=True)
    assert b"/Count 2" in paper
