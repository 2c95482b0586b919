"""Summaries and diagrams."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given as holds
from hypothesis import strategies as some

from journey_mining.handouts import Published
from journey_mining.handouts.mermaid import _plain, _task, mermaid_text, score_of
from journey_mining.handouts.summary_text import plain, summary_text

State = Callable[[str], Published]
# the lexer of Mermaid's journey diagrams, line by line
LINE = re.compile(
    r"%%(?!\{).*|journey|\s+title\s[^#\n;]+|\s+section\s[^#:\n;]+|\s+[^#:\n;]+:\s*[1-5]\s*:[^#\n;]+|\s+%%(?!\{).*"
)


@pytest.mark.parametrize("shape", ["usual", "hostile", "small", "web only"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_line_of_a_diagram_is_one_that_mermaid_reads(state: State, shape: str, language: str) -> None:
    published = state(shape)
    lines = mermaid_text(published.scene(language), published.segment("all").map).splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert lines[2] == "journey"


def test_scores_are_measured_moods_and_the_rest_is_left_out(state: State) -> None:
    published = state("usual")
    picture = published.segment("smb").map
    text = mermaid_text(published.scene("en"), picture)
    stages = re.findall(r"whole stage \(([−+]\d\.\d\d).*: (\d): Customers", text)
    full = [picture.mood_at(column).estimate for column in picture.columns if picture.mood_at(column).is_full]
    assert [int(score) for _, score in stages] == [score_of(mood) for mood in full if mood is not None]
    assert text.count("%% ") == 2 + len(picture.columns) - len(full)


def test_a_company_without_texts_has_a_diagram_without_scores(state: State) -> None:
    published = state("web only")
    assert ": Customers" not in mermaid_text(published.scene("en"), published.segment("all").map)


@pytest.mark.parametrize(
    "name",
    [
        "Journey planner",
        "journey",
        "TITLE page",
        "Section 5",
        "sections",
        "accTitle: x",
        "x; y # z: 5",
        "%%{init: {}}%%",
        "שלום",
        "👩‍👩‍👧 family",
        "a\"b'c",
        "",
    ],
)
def test_a_task_is_read_as_a_task_whatever_its_name(state: State, name: str) -> None:
    published = state("usual")
    mood = published.segment("smb").map.voice
    line = _task(published.scene("en"), _plain(name), mood)
    # Mermaid tries its own words first, without regard to case, then the name up to the colon, then the scores
    assert re.match(r"(?i)\s*(journey|title\s|section\s|acctitle\s*:|accdescr\s*[:{]|%%|#)", line) is None
    assert re.fullmatch(r"\s+[^#:\n;]+:\s*[1-5]\s*:[^#\n;]+", line)
    assert _plain(name) in line


@holds(some.text())
def test_no_name_ends_a_line_of_a_diagram(name: str) -> None:
    assert re.search(r"[#:;\n\r%{}<>]", _plain(name)) is None


@holds(some.floats(-1, 1))
def test_a_score_lies_between_one_and_five_and_grows_with_the_mood(mood: float) -> None:
    assert 1 <= score_of(mood) <= 5
    assert score_of(mood) >= score_of(-1)
    assert abs(score_of(mood) - (3 + 2 * mood)) <= 0.5


@holds(some.text())
def test_a_name_in_a_summary_is_no_markup(name: str) -> None:
    told = plain(name)
    assert re.search(r"(?<!\\)(?:\\\\)*[<>|`*_\[\]]", told) is None
    assert "\n" not in told


def test_a_summary_tells_the_numbers_of_the_page(state: State) -> None:
    published = state("usual")
    scene, segment = published.scene("en"), published.segment("smb")
    text = summary_text(scene, segment)
    for column in segment.map.columns:
        shown = scene.shown(column.drop_off)
        n = shown.base.removeprefix("n = ") or "—"
        cells = f"| {plain(shown.text)} | {shown.range or '—'} | {n} | {shown.horizon or '—'} |".replace("\xa0", " ")
        assert cells in text
    assert "28 Sep 2026" in text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_tables_of_a_summary_keep_their_columns_whatever_names_hold(state: State, language: str) -> None:
    published = state("hostile")
    text = summary_text(published.scene(language), published.segment("smb"))
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    bars = [{len(re.findall(r"(?<!\\)\|", line)) for line in lines} for lines in tables]
    assert [len(counts) for counts in bars] == [1, 1]
    assert "<script" not in text
