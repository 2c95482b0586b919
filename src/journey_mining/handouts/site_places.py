"""Where pages and figures stand in the published site, by the names that people give.

In: a scene, segments, names. Out: `Place` values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from journey_mining.dashboards.scene import Scene
from journey_mining.errors import NotFoundError, unknown_name
from journey_mining.handouts.published import SegmentState

SEGMENT_PAGES = ("map", "paths", "what_if")
SHARED_PAGES = ("index", "trends", "data")
FIGURES = {"emotion": "map", "stage-flow": "paths", "step-flow": "paths", "process": "paths"}
"""figures of a segment, each with the page that it stands on"""
STAGE_FIGURES = ("curve", "runs")
"""figures of every stage"""
TAKEN_OUT = ("emotion", "stage-flow", "step-flow")
"""figures that are taken where none is named"""
_SIGNS = {"process": 'class="dfg"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page, or a figure on it."""

    name: str
    """for a file, without language and ending"""
    page: Path
    figure: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the page has the figure; one of too few customers is left out of its page."""
        if not self.figure:
            return True
        sign = _SIGNS.get(self.figure, f'id="{self.figure}"')
        return sign in self.page.read_text(encoding="utf-8")


def page_names(scene: Scene) -> list[str]:
    """Every page by the name that people give it."""
    stages = [f"stage:{head.id}" for head in scene.pictures.stages]
    pairs = [f"compare:{comparison.slug}" for comparison in scene.pictures.comparisons]
    return [*SEGMENT_PAGES, *stages, *SHARED_PAGES, *pairs]


def page_places(scene: Scene, segments: Sequence[SegmentState], pages: Sequence[str]) -> Iterator[Place]:
    """Pages by name; the map where none is named.

    Raises:
        NotFoundError: there is no such page.
    """
    known = page_names(scene)
    for page in pages or ("map",):
        if page not in known:
            raise unknown_name("page", page, known, todo="Correct --page.")
        kind, _, what = page.partition(":")
        if kind in SHARED_PAGES or kind == "compare":
            name = f"compare/{what}" if what else kind
            yield _place(scene, name.replace("/", "_"), f"{name}.html")
            continue
        for segment in segments:
            slug = _slug(scene, what) if what else ""
            path = f"stages/{slug}.html" if what else f"{kind}.html"
            yield _place(scene, f"{segment.slug}_{slug or kind}", f"segments/{segment.slug}/{path}")


def figure_places(scene: Scene, segments: Sequence[SegmentState], figures: Sequence[str]) -> Iterator[Place]:
    """Figures by name; those of map and paths where none is named.

    Raises:
        NotFoundError: there is no such figure.
    """
    known = [*FIGURES, *STAGE_FIGURES]
    for figure in figures or TAKEN_OUT:
        if figure not in known:
            raise unknown_name("figure", figure, known, todo="Correct --figure.")
        for segment in segments:
            folder = f"segments/{segment.slug}"
            if figure in FIGURES:
                yield _place(scene, f"{segment.slug}_{figure}", f"{folder}/{FIGURES[figure]}.html", figure)
                continue
            for head in scene.pictures.stages:
                name = f"{segment.slug}_{head.slug}_{figure}"
                yield _place(scene, name, f"{folder}/stages/{head.slug}.html", figure)


def _place(scene: Scene, name: str, path: str, figure: str = "") -> Place:
    page = scene.project.site / scene.language / path
    if not page.is_file():
        raise NotFoundError(
            f"The site has no page {scene.language}/{path}.",
            expected="the site of the last run, in the languages of the project (project.languages).",
            todo=f"Run `journey run {scene.project.root} --force`, or correct --language.",
        )
    return Place(name=name, page=page, figure=figure)


def _slug(scene: Scene, stage: str) -> str:
    return next(head.slug for head in scene.pictures.stages if head.id == stage)
