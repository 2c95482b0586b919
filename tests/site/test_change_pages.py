"""Pages that compare: segments, nights, and what would be if fewer were lost."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

Site = Callable[[str], Path]


def text_of(page: Path) -> str:
    return html.unescape(page.read_text(encoding="utf-8"))


def rows_of(table: Path, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig")), delimiter=delimiter))


def test_numbers_are_the_same_on_the_map_in_comparisons_trends_and_what_if(site: Site) -> None:
    folder = site("usual") / "en"
    pages = [folder / "segments" / "smb" / name for name in ("map.html", "what_if.html")]
    pages += [folder / "compare" / name for name in ("smb--corp.html", "smb--personal.html", "smb.past.html")]
    assert [page.name for page in pages if "23.2%" not in text_of(page)] == []
    goal = re.search(r"<b>([\d.]+%)</b> of journeys", text_of(pages[0]))
    assert goal is not None
    assert goal[1] in text_of(folder / "trends.html")
    assert goal[1] in text_of(folder / "compare" / "smb--corp.html")


def test_files_hold_what_the_pages_show(site: Site) -> None:
    folder = site("usual") / "en"
    compared = {(row[0], row[1]): row for row in rows_of(folder / "compare" / "csv" / "smb--corp.csv")}
    stages = {row[0]: row for row in rows_of(folder / "segments" / "smb" / "csv" / "stages.csv")}
    assert compared["Drop-off", "Research"][2] == stages["Research"][6]
    runs = rows_of(folder / "csv" / "trends.csv")
    assert sum(row[:2] == ["Small business", "Reached goal"] for row in runs) == 20
    assert len(rows_of(folder / "segments" / "smb" / "csv" / "what_if.csv")) == 1 + 7 * 10


def test_every_position_of_a_slider_stands_in_the_table(site: Site) -> None:
    page = text_of(site("usual") / "ru" / "segments" / "smb" / "what_if.html")
    found = re.search(r'id="f-what-if">(.*?)</script>', page)
    assert found is not None
    told = [position for positions in json.loads(found[1]).values() for position in positions[1:]]
    assert len(told) == page.count("<tr><td><span class") == 70
    assert all(f'{position["won"]} <span class="muted sm">{position["range"]}' in page for position in told)


def test_a_chain_that_is_not_believed_has_no_sliders_and_says_why(site: Site) -> None:
    page = text_of(site("usual") / "en" / "segments" / "personal" / "what_if.html")
    assert "There are no sliders. The model predicts 25.1% and 30.5% are observed." in page
    assert 'type="range"' not in page


def test_a_first_night_says_that_there_is_nothing_to_compare_with(site: Site) -> None:
    page = text_of(site("two stages") / "en" / "trends.html")
    assert "Nothing to compare with yet: 1\xa0run remembered" in page
    assert page.count("One run so far") == 4 * 3
    assert "The parts appear with the second run." in page


def test_an_alarm_stands_in_the_lead_at_its_chart_and_in_the_log(site: Site) -> None:
    page = text_of(site("usual") / "en" / "trends.html")
    sentence = "of those who entered since about 3\xa0Aug 2026, 55.0% (49.0–61.0%) move on within 21\xa0days"
    assert page.count(sentence) == 4  # also as the title of the mark
    assert 'class="mark alarm"' in page


def test_an_action_without_a_comparison_is_no_effect(site: Site) -> None:
    page = text_of(site("usual") / "en" / "trends.html")
    assert "Associated with the action; another reason is not excluded." in page
    assert "Effect, by comparison" not in page


def test_an_interval_that_holds_zero_is_no_difference(site: Site) -> None:
    rows = rows_of(site("usual") / "en" / "compare" / "csv" / "smb--personal.csv")
    open_ended = [row for row in rows[1:] if row[11] and float(row[11]) <= 0 <= float(row[12]) and row[10]]
    page = text_of(site("usual") / "en" / "compare" / "smb--personal.html")
    assert len(open_ended) > 5
    assert page.count('">≈ 0</b>') == len(open_ended)


@pytest.mark.parametrize("shape", ["two stages", "twelve stages", "web only", "rated", "small", "hostile"])
def test_every_shape_of_company_has_its_trends_and_what_ifs(site: Site, shape: str) -> None:
    folder = site(shape) / "en"
    assert (folder / "trends.html").is_file()
    assert (folder / "segments" / "all" / "what_if.html").is_file()


def test_of_many_segments_each_is_compared_with_everybody_else(site: Site) -> None:
    folder = site("twelve stages") / "en" / "compare"
    assert (folder / "smb.rest.html").is_file()
    assert not list(folder.glob("*--*.html"))


def test_no_count_between_one_and_nine_is_told(site: Site) -> None:
    pages = [*(site("small") / "en" / "compare").glob("*.html"), site("small") / "en" / "trends.html"]
    pages += (site("small") / "en").glob("segments/*/what_if.html")
    assert len(pages) > 5
    assert [page.name for page in pages if re.search(r"n = [1-9]\b(?![,.\d])", text_of(page))] == []
