"""Writing what was asked for: every segment in every form and language, each file whole or not at all.

In: a project that has been run, a wish. Out: files under a folder, and what they weigh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from journey_mining.dashboards.csv_files import csv_text
from journey_mining.dashboards.formats import Language
from journey_mining.dashboards.one_file import one_file
from journey_mining.dashboards.scene import Scene
from journey_mining.errors import SettingsError, unknown_name
from journey_mining.event_logs import LogFormat, export_log
from journey_mining.handouts.chromium import Chromium, found_chromium
from journey_mining.handouts.mermaid import mermaid_text
from journey_mining.handouts.parquet import parquet_bytes
from journey_mining.handouts.prints import Paper, drawing_of, pdf_of, picture_of
from journey_mining.handouts.published import Published, SegmentState, published_state
from journey_mining.handouts.segment_sheets import dated, segment_sheets, shared_sheets
from journey_mining.handouts.site_places import Place, figure_places, page_places
from journey_mining.handouts.summary_text import summary_text
from journey_mining.handouts.workbook import workbook_bytes
from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS


class Form(StrEnum):
    """How a handout is written."""

    XLSX = "xlsx"
    CSV = "csv"
    MD = "md"
    MERMAID = "mermaid"
    HTML = "html"
    PARQUET = "parquet"
    XES = "xes"
    OCEL = "ocel"
    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


PLAIN_FORMS = (Form.XLSX, Form.MD, Form.MERMAID, Form.HTML)
"""what is written where no form is named: for readers, and without a browser"""
LOGS = {Form.XES: (LogFormat.XES, "xes"), Form.OCEL: (LogFormat.OCEL_JSON, "ocel.json")}
"""forms in which a row is the way of one person"""
_TEXTS: dict[Form, tuple[Callable[[Scene, SegmentState], str], str]] = {
    Form.MD: (summary_text, "md"),
    Form.MERMAID: (lambda scene, segment: mermaid_text(scene, segment.map), "mmd"),
    Form.HTML: (lambda scene, segment: one_file(scene, segment.map), "html"),
}
"""forms of one file for a segment and a language, with the ending of its name"""
DRAWN = (Form.PDF, Form.PNG, Form.SVG)
"""forms that a browser draws"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be taken away, and where to."""

    out: Path
    """a folder; made where it is not there"""
    forms: tuple[Form, ...] = PLAIN_FORMS
    segments: tuple[str, ...] = (ALL_SEGMENTS,)
    """none: each that has pages"""
    languages: tuple[Language, ...] = ()
    """none: those of the project"""
    pages: tuple[str, ...] = ()
    """pages for pdf and png; none: the map"""
    figures: tuple[str, ...] = ()
    """figures for svg and png; none: svg takes those of map and paths, png takes pages"""
    paper: Paper = "a3"


@dataclass(slots=True, kw_only=True)
class Written:
    """What was written."""

    files: list[tuple[Path, int]] = field(default_factory=list)
    """places with sizes in bytes, in the order of writing"""
    absent: list[str] = field(default_factory=list)
    """figures that the site does not have, because too few customers are behind them"""


def write_handouts(project: Project, wish: Wish) -> Written:
    """Write everything that was wished for; files that are there are replaced.

    Raises:
        NotFoundError: nothing has been published; or there is no such segment, page or figure, or no browser.
        SettingsError: the folder cannot be one.
    """
    if wish.out.exists() and not wish.out.is_dir():
        raise SettingsError(
            f"{wish.out} is a file.",
            expected="a folder, because most handouts are several files; it is made where it is not there.",
            todo="Name another --out.",
        )
    browser = found_chromium() if any(form in DRAWN for form in wish.forms) else None
    state = published_state(project)
    languages = wish.languages or project.settings.project.languages
    segments = [state.segment(segment) for segment in dict.fromkeys(wish.segments or state.segments())]
    written = Written()
    for form in dict.fromkeys(wish.forms):
        if form in LOGS:
            _write_logs(written, state, wish.out, form, segments)
        elif browser is not None and form in DRAWN:
            _write_drawn(written, state, wish, form, segments, languages, browser)
        else:
            for name, content in _plain_files(state, form, segments, languages):
                _put(written, wish.out / name, content)
    return written


def _plain_files(
    state: Published, form: Form, segments: list[SegmentState], languages: tuple[Language, ...]
) -> Iterator[tuple[str, bytes]]:
    """Names below the folder with their content, of forms that need neither browser nor warehouse."""
    scenes = [state.scene(language) for language in languages]
    if form is Form.XLSX:
        for segment in segments:
            yield f"{segment.slug}.xlsx", workbook_bytes(scenes, segment)
        return
    if form is Form.PARQUET:
        yield from _parquet_files(state, segments)
        return
    for scene in scenes:
        if form is Form.CSV:
            yield from _csv_files(scene, segments)
        else:
            make, ending = _TEXTS[form]
            for segment in segments:
                yield f"{segment.slug}_{scene.language}.{ending}", make(scene, segment).encode()


def _csv_files(scene: Scene, segments: list[SegmentState]) -> Iterator[tuple[str, bytes]]:
    folder = f"csv/{scene.language}"
    for name, sheet in dated(scene, shared_sheets(scene)).items():
        yield f"{folder}/{name}.csv", csv_text(scene, sheet).encode()
    for segment in segments:
        for name, sheet in dated(scene, segment_sheets(scene, segment)).items():
            yield f"{folder}/segments/{segment.slug}/{name}.csv", csv_text(scene, sheet).encode()


def _parquet_files(state: Published, segments: list[SegmentState]) -> Iterator[tuple[str, bytes]]:
    scene = state.scene("en")
    for name, sheet in dated(scene, shared_sheets(scene)).items():
        yield f"parquet/{name}.parquet", parquet_bytes(scene, name, sheet)
    for segment in segments:
        for name, sheet in dated(scene, segment_sheets(scene, segment)).items():
            yield f"parquet/segments/{segment.slug}/{name}.parquet", parquet_bytes(scene, name, sheet)


def _write_logs(written: Written, state: Published, out: Path, form: Form, segments: list[SegmentState]) -> None:
    log, ending = LOGS[form]
    out.mkdir(parents=True, exist_ok=True)
    for segment in segments:
        path = out / f"{segment.slug}.{ending}"
        made = export_log(state.project, out=path, form=log, segment=segment.map.segment.id)
        written.files.append((path, made.size_bytes))


def _write_drawn(
    written: Written,
    state: Published,
    wish: Wish,
    form: Form,
    segments: list[SegmentState],
    languages: tuple[Language, ...],
    browser: Path,
) -> None:
    takes_figures = form is Form.SVG or (form is Form.PNG and bool(wish.figures))
    places: list[tuple[str, Place]] = []
    for language in languages:
        scene = state.scene(language)
        found = (
            figure_places(scene, segments, wish.figures) if takes_figures else page_places(scene, segments, wish.pages)
        )
        places += [(f"{place.name}_{language}", place) for place in found]
    written.absent += [name for name, place in places if not place.is_there]
    wanted = [(wish.out / f"{name}.{form}", place) for name, place in places if place.is_there]
    with Chromium(browser) as chromium:
        for path, place in wanted:
            if form is Form.PDF:
                content = pdf_of(chromium, place.page, state.pictures.as_of, paper=wish.paper)
            else:
                content = (drawing_of if form is Form.SVG else picture_of)(chromium, place.page, place.figure)
            _put(written, path, content)


def _put(written: Written, path: Path, content: bytes) -> None:
    """Write beside the place first, then into it in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    written.files.append((path, len(content)))


def form_named(name: str) -> Form:
    """A form by its name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in list(Form):
        raise unknown_name(
            "format", name, list(Form), todo="Correct --format; `journey export list` says what each is."
        )
    return Form(name)
