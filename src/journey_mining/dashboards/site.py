"""The static site: pages of every language, shared assets, CSV files.

In: frozen pictures, the project, a stamp. Out: files under a folder. Outside the marked stamp block of a page every
byte is a function of pictures and project.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from journey_mining.dashboards.catalogue import words_of
from journey_mining.dashboards.colours import stage_styles
from journey_mining.dashboards.compare_view import compare_title, compare_view
from journey_mining.dashboards.csv_files import (
    comparison_files,
    csv_text,
    segment_files,
    shared_files,
    stage_page_files,
)
from journey_mining.dashboards.data_view import data_view
from journey_mining.dashboards.formats import Formats, Language
from journey_mining.dashboards.index_view import index_view, notices
from journey_mining.dashboards.map_view import map_view
from journey_mining.dashboards.paths_view import paths_view
from journey_mining.dashboards.scene import Scene, Stamp
from journey_mining.dashboards.stage_view import stage_view
from journey_mining.dashboards.status import RunStatus, write_status
from journey_mining.dashboards.trends_view import trends_view
from journey_mining.dashboards.what_if_view import what_if_view
from journey_mining.errors import JourneyMiningError
from journey_mining.maps.pictures import Pictures
from journey_mining.project import Project

_HERE = Path(__file__).resolve().parent
PAGE_LIMIT = 1_000_000
"""bytes; a heavier page is refused, because pages hold aggregates only"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page to write: its place, template and values."""

    path: str
    """below the language folder"""
    template: str
    kind: str
    """index, map, paths, stage, what_if, compare, trends or data; for the navigation"""
    title: str
    values: dict[str, Any]
    segment: str = ""
    """slug of the segment of a segment page"""


def draw_site(pictures: Pictures, project: Project, *, stamp: Stamp, out: Path) -> list[Path]:
    """Write the whole site under `out`; the files written, sorted.

    Raises:
        JourneyMiningError: a page is heavier than a megabyte.
        SpecError: a page text is missing in a language.
    """
    languages: tuple[Language, ...] = project.settings.project.languages
    written = _write_assets(out, len(pictures.stages))
    scenes = [scene_of(language, pictures, project, stamp) for language in languages]
    for scene in scenes:
        written += _write_language(scene, out / scene.language, languages)
    front = (
        environment()
        .get_template("front.html.j2")
        .render(language=languages[0], languages=languages, title=scenes[0].brand)
    )
    written.append(_write(out / "index.html", front))
    rejected = tuple(problem.path for problem in pictures.notes.rejected_files)
    zone = project.settings.project.timezone
    status = RunStatus(outcome="ok", run_at=stamp.run_at, shown_until=pictures.as_of, rejected=rejected, timezone=zone)
    written.append(write_status(out, status))
    return sorted(written)


def scene_of(language: Language, pictures: Pictures, project: Project, stamp: Stamp) -> Scene:
    """Everything that one language of the site, or a notebook, draws from."""
    return Scene(
        language=language,
        pictures=pictures,
        project=project,
        words=words_of(language),
        formats=Formats(language, project.settings.project.timezone),
        stamp=stamp,
    )


def _write_language(scene: Scene, folder: Path, languages: tuple[Language, ...]) -> list[Path]:
    written = [_write(folder / page.path, _html(scene, page, languages)) for page in _pages(scene)]
    written += [_write(folder / "csv" / name, csv_text(scene, sheet)) for name, sheet in shared_files(scene).items()]
    place = folder / "compare" / "csv"
    written += [_write(place / name, csv_text(scene, sheet)) for name, sheet in comparison_files(scene).items()]
    pictures = scene.pictures
    for picture, paths, what_if in zip(pictures.maps, pictures.paths, pictures.what_ifs, strict=True):
        place = folder / "segments" / picture.segment.slug / "csv"
        files = segment_files(scene, picture, paths, what_if)
        written += [_write(place / name, csv_text(scene, sheet)) for name, sheet in files.items()]
    for stages in scene.pictures.stage_pages:
        place = folder / "segments" / stages[0].segment.slug / "csv"
        written += [
            _write(place / name, csv_text(scene, sheet))
            for stage in stages
            for name, sheet in stage_page_files(scene, stage).items()
        ]
    return written


def page_texts(scene: Scene, paths: Collection[str]) -> dict[str, str]:
    """The HTML of some pages of a language by their paths below its folder."""
    return {page.path: _html(scene, page, (scene.language,)) for page in _pages(scene) if page.path in paths}


def _pages(scene: Scene) -> list[_Page]:
    words = scene.words.plain
    pages = [
        _Page(path="index.html", template="index", kind="index", title=words("index.title"), values=index_view(scene)),
        _Page(path="data.html", template="data", kind="data", title=words("data.title"), values=data_view(scene)),
        _Page(
            path="trends.html", template="trends", kind="trends", title=words("trends.title"), values=trends_view(scene)
        ),
    ]
    return [*pages, *_segment_pages(scene), *_stage_pages(scene), *_compare_pages(scene)]


def _segment_pages(scene: Scene) -> Iterator[_Page]:
    pictures = scene.pictures
    for picture, paths, what_if in zip(pictures.maps, pictures.paths, pictures.what_ifs, strict=True):
        name, slug = scene.name(picture.segment.name), picture.segment.slug
        for kind, values in (
            ("map", map_view(scene, picture)),
            ("paths", paths_view(scene, paths, picture)),
            ("what_if", what_if_view(scene, what_if, picture)),
        ):
            yield _Page(
                path=f"segments/{slug}/{kind}.html",
                template=kind,
                kind=kind,
                title=f"{scene.words.plain(f'page.{kind}_of')}: {name}",
                values=values,
                segment=slug,
            )


def _compare_pages(scene: Scene) -> Iterator[_Page]:
    for comparison in scene.pictures.comparisons:
        yield _Page(
            path=f"compare/{comparison.slug}.html",
            template="compare",
            kind="compare",
            title=f"{scene.words.plain('compare.title')}: {compare_title(scene, comparison)}",
            values=compare_view(scene, comparison),
        )


def _stage_pages(scene: Scene) -> list[_Page]:
    """A page for every stage of every segment that has pages."""
    title = scene.words.plain("page.stage_of")
    return [
        _Page(
            path=f"segments/{whole.segment.slug}/stages/{stage.column.stage.slug}.html",
            template="stage",
            kind="stage",
            title=f"{title} {stage.column.stage.number}: {scene.name(stage.column.stage.name)}, "
            f"{scene.name(whole.segment.name)}",
            values=stage_view(scene, stage, whole),
            segment=whole.segment.slug,
        )
        for whole, stages in zip(scene.pictures.maps, scene.pictures.stage_pages, strict=True)
        for stage in stages
    ]


def _html(scene: Scene, page: _Page, languages: tuple[Language, ...]) -> str:
    depth = len(PurePosixPath(page.path).parts) - 1
    home = "../" * depth
    others = [language for language in languages if language != scene.language]
    html = (
        environment()
        .get_template(f"{page.template}.html.j2")
        .render(
            **page.values,
            scene=scene,
            t=scene.words,
            f=scene.formats,
            pictures=scene.pictures,
            limits=scene.pictures.limits,
            stages=scene.pictures.stages,
            stamp=scene.stamp,
            language=scene.language,
            title=page.title,
            kind=page.kind,
            slug=page.segment,
            home=home,
            root=f"{home}../",
            nav=_navigation(scene, page, home),
            first_stage=_first_stage(scene, page.segment) if page.segment else "",
            switch=[(language, f"{home}../{language}/{page.path}") for language in others],
            segments=[(head, scene.name(head.name)) for head in scene.pictures.segments if head.has_pages],
            top_notices=notices(scene) if page.kind in ("index", "data") else [],
        )
    )
    if len(html.encode()) > PAGE_LIMIT:
        raise JourneyMiningError(
            f"The page {scene.language}/{page.path} weighs {len(html.encode()):,} bytes.",
            expected=f"at most {PAGE_LIMIT:,} bytes, because pages hold aggregates only.",
            todo="Look for names of unusual length in the project and in the data, and report the page.",
            code="PAGE_TOO_HEAVY",
        )
    return html


def _navigation(scene: Scene, page: _Page, home: str) -> list[tuple[str, str, str]]:
    """Links of the top bar: only pages that exist; segment pages lead to the same segment."""
    slugs = [picture.segment.slug for picture in scene.pictures.maps]
    slug = page.segment or (slugs[0] if slugs else "")
    links = [("index", scene.words.plain("page.overview"), f"{home}index.html")]
    if slug:
        links += [
            (kind, scene.words.plain(f"page.{kind}"), f"{home}segments/{slug}/{kind}.html") for kind in ("map", "paths")
        ]
        links.append(("stage", scene.words.plain("page.stage"), f"{home}segments/{slug}/{_first_stage(scene, slug)}"))
    found = scene.pictures.comparisons
    if found:
        own = next((item for item in found if slug in (item.first.slug, item.second and item.second.slug)), found[0])
        links.append(("compare", scene.words.plain("page.compare"), f"{home}compare/{own.slug}.html"))
    links.append(("trends", scene.words.plain("page.trends"), f"{home}trends.html"))
    return [*links, ("data", scene.words.plain("page.data"), f"{home}data.html")]


def _first_stage(scene: Scene, slug: str) -> str:
    """The stage page that a segment is entered by: where it loses most, else its first."""
    picture = next(picture for picture in scene.pictures.maps if picture.segment.slug == slug)
    return f"stages/{(picture.worst_loss or picture.columns[0]).stage.slug}.html"


def _write_assets(out: Path, stages: int) -> list[Path]:
    folder = out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(folder / "stages.css", stage_styles(stages))]
    for source in (*sorted((_HERE / "assets").iterdir()), plotly_script()):
        shutil.copyfile(source, folder / source.name)
        written.append(folder / source.name)
    return written


def plotly_script() -> Path:
    """The browser library inside the installed plotly package."""
    import plotly

    script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    if not script.is_file():
        raise JourneyMiningError(
            f"plotly's browser library is not at {script}.",
            expected="the plotly package with its package_data.",
            todo="Install plotly again, with the version of requirements.lock.",
            code="NO_PLOTLY",
        )
    return script


def _write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(content)
    return path


@cache
def environment() -> Environment:
    """The templates, with everything escaped that is not said to be markup."""
    return Environment(
        loader=FileSystemLoader(os.fspath(_HERE / "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
