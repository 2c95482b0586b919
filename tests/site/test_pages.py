from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from drawn_site import STAMP, drawn
from drawn_world import Shape
from journey_mining.dashboards import site as site_module
from journey_mining.errors import JourneyMiningError

Site = Callable[[str], Path]


class Tags(HTMLParser):
    """Tags and attributes of a page as a browser would read them."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def numbers(page: Path, figure: str) -> list[float]:
    match = re.search(rf'id="{figure}">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert match is not None
    return [float(value) for value in json.loads(match[1])["data"][0]["link"]["value"]]


def test_both_languages_have_the_same_files(site: Site) -> None:
    assert names(site("usual") / "ru") == names(site("usual") / "en")


def test_every_link_leads_to_a_file(site: Site) -> None:
    links = [(p, v) for p in pages(site("usual")) for n, v in Tags(p).attributes if n in ("href", "src")]
    broken = [
        (p, v) for p, v in links if not v.startswith("#") and not (p.parent / v.split("#")[0].split("?")[0]).is_file()
    ]
    assert broken == []


def test_every_definition_that_is_linked_exists(site: Site) -> None:
    every = [value for page in pages(site("usual")) for name, value in Tags(page).attributes if name == "href"]
    wanted = {value.split("data.html#")[1] for value in every if "data.html#" in value}
    ids = {value for name, value in Tags(site("usual") / "ru" / "data.html").attributes if name == "id"}
    assert wanted
    assert wanted <= ids


def test_no_page_names_an_address_outside(site: Site) -> None:
    texts = [page.read_text(encoding="utf-8") for page in pages(site("usual"))]
    assert [text for text in texts if re.search(r"(https?:)?//[a-z]", text)] == []


def test_pages_have_no_handlers_in_their_tags(site: Site) -> None:
    handlers = [n for page in pages(site("hostile")) for n, _ in Tags(page).attributes if n.startswith("on")]
    assert handlers == []


def test_hostile_names_stay_text(site: Site) -> None:
    page = Path("ru", "segments", "smb", "map.html")
    hostile, usual = Tags(site("hostile") / page), Tags(site("usual") / page)
    assert hostile.tags.count("script") == usual.tags.count("script")
    assert hostile.tags.count("img") == usual.tags.count("img")


def test_every_page_has_one_first_heading_and_its_language(site: Site) -> None:
    found = [Tags(page) for page in pages(site("usual") / "en")]
    assert {tags.tags.count("h1") for tags in found} == {1}
    assert all(("lang", "en") in tags.attributes for tags in found)


def test_only_the_stamp_block_differs_between_two_runs_over_the_same_data(tmp_path: Path) -> None:
    later = replace(STAMP, run_id="run-2", run_at=STAMP.run_at.replace(day=29), duration_seconds=99.0)
    one, two = drawn(Shape(), tmp_path / "one"), drawn(Shape(), tmp_path / "two", later)
    cut = [[re.sub(r"(?s)<!-- stamp -->.*?<!-- /stamp -->", "", p.read_text()) for p in pages(s)] for s in (one, two)]
    assert cut[0] == cut[1]
    assert names(one) == names(two)


def test_no_flow_in_a_figure_lies_between_one_and_nine(site: Site) -> None:
    found = [numbers(p, "f-stage") for p in site("small").rglob("paths.html") if "f-stage" in p.read_text()]
    assert found
    assert [value for values in found for value in values[:-1] if 0 < value < 10] == []


@pytest.mark.parametrize("shape", ["usual", "twelve stages"])
def test_every_column_of_the_step_sankey_adds_up_to_its_head(site: Site, shape: str) -> None:
    page = (site(shape) / "en" / "segments" / "smb" / "paths.html").read_text(encoding="utf-8")
    heads = [int(total.replace(",", "")) for total in re.findall(r"Step \d+<small>([\d,]+)", page)]
    figure = re.search(r'id="f-step">(.*?)</script>', page)
    assert figure is not None
    columns: dict[float, int] = {}
    for note in json.loads(figure[1])["layout"]["annotations"]:
        if note["text"].startswith("<b>"):
            told = int(note["text"].rpartition(" ")[2].replace(",", ""))
            columns[note["x"]] = columns.get(note["x"], 0) + told
    assert len(heads) >= 2
    assert [columns[x] for x in sorted(columns)] == heads


def test_what_every_chart_shows_stands_in_a_table_for_those_without_scripts(site: Site) -> None:
    for page in pages(site("usual") / "en"):
        text = page.read_text(encoding="utf-8")
        charts = text.count('class="plot"')
        assert text.count('class="plot"') == len(re.findall(r'class="plot"[^>]*><noscript>', text))
        assert text.count('<details class="data') >= charts


def test_many_small_segments_share_one_row_that_names_them(tmp_path: Path) -> None:
    few = {f"group{n}": 4 + n % 5 for n in range(4, 9)}
    out = drawn(Shape(segments=8, nights=1, sizes=few), tmp_path / "site")
    page = (out / "en" / "index.html").read_text(encoding="utf-8")
    [row] = re.findall(r"<tr><th scope=\"row\">5\xa0segments</th>.*?</tr>", page)
    assert all(f"Group {n}" in row for n in range(4, 9))
    assert page.count('<th scope="row">') == 5 + 1


def test_a_segment_of_four_has_no_page(site: Site) -> None:
    assert not (site("small") / "ru" / "segments" / "corp").exists()
    assert "меньше 10\u00a0клиентов" in (site("small") / "ru" / "index.html").read_text(encoding="utf-8")


def test_drop_off_is_the_same_on_overview_map_paths_and_stage_page(site: Site) -> None:
    folder = site("usual") / "en"
    names = ("map.html", "paths.html", "stages/research.html")
    texts = [(folder / "segments" / "smb" / page).read_text(encoding="utf-8") for page in names]
    assert all("23.2%" in text for text in texts)
    assert ">23</a></span>" in (folder / "index.html").read_text(encoding="utf-8")


def test_csv_files_open_in_a_russian_spreadsheet(site: Site) -> None:
    raw = (site("usual") / "ru" / "segments" / "smb" / "csv" / "stages.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert (rows[1][0], rows[1][1]) == ("Осведомлённость", "1721")
    assert re.fullmatch(r"0,\d+", rows[1][6])


def test_a_page_over_a_megabyte_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_module, "PAGE_LIMIT", 20_000)
    with pytest.raises(JourneyMiningError, match="bytes"):
        drawn(Shape(), tmp_path)


def test_the_front_page_leads_to_the_first_language_without_scripts(site: Site) -> None:
    front = (site("usual") / "index.html").read_text(encoding="utf-8")
    assert 'content="0; url=ru/index.html"' in front
    assert "<script" not in front


@pytest.mark.parametrize("shape", ["two stages", "twelve stages", "web only", "rated", "small", "hostile"])
def test_every_shape_of_company_draws_all_its_pages(site: Site, shape: str) -> None:
    assert {"index.html", "data.html", "segments/all/map.html", "segments/all/paths.html"} <= set(
        names(site(shape) / "ru")
    )


def test_answers_carry_the_row_of_emotions_where_there_are_no_texts(site: Site) -> None:
    page = (site("rated") / "ru" / "segments" / "smb" / "map.html").read_text(encoding="utf-8")
    assert "по\u00a0оценкам опросов" in page
    assert "тексты обращений" not in page
    assert "оценки опросов" in (site("rated") / "ru" / "index.html").read_text(encoding="utf-8")


def test_texts_and_answers_stand_side_by_side_in_table_and_file(site: Site) -> None:
    folder = site("usual") / "en" / "segments" / "smb"
    page, table = ((folder / name).read_text(encoding="utf-8") for name in ("map.html", "csv/stages.csv"))
    assert page.index(">Texts</th>") < page.index(">Ratings</th>")
    assert {"Emotion index", "Survey ratings: n"} <= set(table.splitlines()[0].split(","))


def test_a_contact_rate_without_tickets_is_no_data_and_not_zero(site: Site) -> None:
    page = (site("web only") / "ru" / "segments" / "smb" / "map.html").read_text(encoding="utf-8")
    assert "обращения не\u00a0загружены" in page


def test_an_obstacle_without_a_difference_in_loss_says_so(site: Site) -> None:
    page = (site("usual") / "en" / "segments" / "smb" / "map.html").read_text(encoding="utf-8")
    assert page.count("no difference in loss seen") == 3
    assert "loss ×0.6" not in page


def test_faults_of_data_have_words_in_both_languages(site: Site) -> None:
    texts = [(site("usual") / name / "data.html").read_text(encoding="utf-8") for name in ("ru", "en")]
    assert "Дата или\u00a0время не\u00a0читаются" in texts[0]
    assert "A required column is missing" in texts[1]
    assert all("rows not taken: created_at" in text for text in texts)


def test_the_process_map_has_its_numbers_as_a_table(site: Site) -> None:
    folder = site("usual") / "en" / "segments" / "smb"
    rows = list(csv.reader(io.StringIO((folder / "csv" / "process.csv").read_text(encoding="utf-8-sig"))))
    page = (folder / "paths.html").read_text(encoding="utf-8").split('aria-labelledby="h-process"')[1]
    assert page.count("<tr><td><bdi>") == len(rows) - 1
    assert f"<td><bdi>{rows[1][0]}</bdi></td>" in page


def test_drawn_and_left_out_journeys_are_told(site: Site) -> None:
    page = (site("twelve stages") / "en" / "segments" / "smb" / "paths.html").read_text(encoding="utf-8")
    assert re.search(r"<b>1,\d{3}</b> of 1,900\u00a0journeys are drawn", page)
