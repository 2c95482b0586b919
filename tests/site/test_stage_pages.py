"""Stage pages: what stands in them, and how Chromium draws them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drawn_site import STAMP
from drawn_world import Shape, fill, invented_project
from journey_mining.dashboards import draw_site
from journey_mining.maps import freeze_pictures
from journey_mining.warehouse import DuckDBWarehouse
from opened_page import OVERLAPS, WIDTHS, opened

Site = Callable[[str], Path]
DECISION = "segments/smb/stages/decision.html"


def text(folder: Path, page: str) -> str:
    return (folder / page).read_text(encoding="utf-8")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    raw = (folder / "segments" / "smb" / "csv" / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(raw)))


def test_map_overview_and_paths_lead_to_stage_pages(site: Site) -> None:
    folder = site("usual") / "en"
    assert 'href="stages/decision.html"' in text(folder, "segments/smb/map.html")
    assert 'href="stages/decision.html"' in text(folder, "segments/smb/paths.html")
    assert f'href="{DECISION}"' in text(folder, "index.html")


def test_the_file_of_the_curve_ends_at_the_drop_off_of_the_file_of_stages(site: Site) -> None:
    folder = site("usual") / "en"
    drop = {row["Stage"]: row["Drop-off"] for row in rows(folder, "stages.csv")}
    assert rows(folder, "stage_decision_curve.csv")[-1]["Drop-off"] == drop["Decision"]


def test_ways_onward_have_the_journeys_of_the_paths_page(site: Site) -> None:
    folder = site("usual") / "en"
    flows = {(r["From"], r["To"]): r["Journeys"] for r in rows(folder, "stage_flows.csv")}
    onward = {("Decision", r["Next"]): r["Journeys"] for r in rows(folder, "stage_decision_next.csv")}
    assert onward
    assert onward.items() <= flows.items()


def test_only_what_the_other_half_confirmed_is_called_confirmed(site: Site) -> None:
    found = {r["Known at entry"]: r["confirmed"] for r in rows(site("usual") / "en", "stage_decision_facts.csv")}
    assert found == {"channel or type: web": "1", "channel or type: crm": "0", "channel or type: Корпорация": "0"}
    # once at the fact, once at the group that was tried
    assert text(site("usual") / "en", DECISION).count('<span class="pill neg">confirmed</span>') == 2


def test_of_a_deviation_of_few_customers_the_interval_alone_is_told(site: Site) -> None:
    found = rows(site("usual") / "en", "stage_decision_deviations.csv")
    thin = [row for row in found if not row["Share"]]
    assert thin
    assert {row["Loss ratio"] for row in thin} == {""}
    assert {row["Loss ratio: 95% −"] for row in thin} == {"1.2"}


def test_the_satisfied_stand_with_interval_base_and_definition(site: Site) -> None:
    folder = site("usual") / "en"
    page = text(folder, DECISION)
    box = re.search(
        r'(?s)<div class="kpi"><a class="l" href="[^"]*data.html#stage_feeling">Sound satisfied</a>.*?</div></div>',
        page,
    )
    [found] = rows(folder, "stage_decision_feelings.csv")
    assert box is not None
    assert "30.0%" in box[0]
    assert "20.0–40.0%" in box[0]
    assert f"n = {int(found['Customers']):,}" in box[0].replace("\xa0", " ")
    assert [found[key] for key in found if key.startswith("Sound satisfied")] == ["0.3", "0.2", "0.4"]
    assert "Frustration, confusion, trust and distrust are not measured" in page
    assert "set beforehand" in text(folder, "data.html")
    assert "of them sound satisfied (95%: 20.0–40.0%)" in text(folder, "segments/smb/map.html")


def test_pages_of_a_small_segment_say_what_they_lack(site: Site) -> None:
    page = text(site("small") / "en", "segments/smb/stages/renewal.html")
    assert "No curve: at least 30 customers needed" in page
    assert "No fact is known of 30 customers or more on both sides" in page
    assert "f-curve" not in page


def test_the_first_run_has_nothing_to_compare_with(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    shape = Shape(stages=2, segments=1)
    fill(warehouse, shape)
    for table in ("metric_history", "stage_topic", "wait_bin", "root_cause"):
        warehouse.execute(f"drop table {table}")
    project = invented_project(shape)
    draw_site(freeze_pictures(warehouse, project), project, stamp=STAMP, out=tmp_path)
    page = text(tmp_path / "en", "segments/smb/stages/research.html")
    assert "Nothing to compare with yet" in page
    assert "f-runs" not in page
    assert "Loss ratio" in page


def test_causal_words_are_not_used_for_what_goes_together(site: Site) -> None:
    page = re.sub(r"<[^>]+>", " ", text(site("usual") / "en", DECISION)).lower()
    assert not re.search(r"\b(because of|due to|leads to|caused by|reason for leaving|effect of)\b", page)
    assert "associations" in page


browser = pytest.mark.browser


@browser
@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_stage_page_draws_its_charts_without_errors_or_overlaps(site: Site, chromium: Any, theme: str) -> None:
    with opened(chromium, site("usual") / "ru" / DECISION, theme=theme) as tab:
        assert tab.faults == []
        assert tab.evaluate(OVERLAPS) == []
        assert tab.evaluate("document.querySelectorAll('#curve .scatterlayer path.point').length") == 4
        assert tab.evaluate("document.querySelectorAll('#runs .scatterlayer path.point').length") == 20
        tab.focus("#curve")
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowRight")
        assert tab.inner_text("#curve-reading").startswith("20\u00a0дней: потеряны")


@browser
def test_a_narrow_stage_page_does_not_scroll_sideways(site: Site, chromium: Any) -> None:
    with opened(chromium, site("hostile") / "ru" / DECISION, width=390, height=14000) as tab:
        assert tab.faults == []
        scrolled, visible = tab.evaluate(WIDTHS)
    assert scrolled <= visible


@browser
def test_a_stage_page_is_readable_without_scripts_and_on_paper(site: Site, chromium: Any) -> None:
    page = site("usual") / "en" / DECISION
    with opened(chromium, page, java_script_enabled=False) as tab:
        tab.click("section[aria-labelledby=h-curve] details.data summary")
        assert "Horizon" in tab.inner_text("section[aria-labelledby=h-curve] table")
    with opened(chromium, page, theme="dark", width=1512) as tab:
        tab.emulate_media(media="print")
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert tab.evaluate("document.querySelectorAll('#curve svg path').length") > 4
