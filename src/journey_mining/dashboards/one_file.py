"""A segment as one HTML file for mail: map, paths, stages, what if and definitions, with all that they need inside.

In: a scene, a segment. Out: HTML that opens from disk with the network off. Its parts are the pages of the site, word
for word. Scripts run by their hashes alone; links lead to parts of the file, tables are inside it, and what is in the
site only is no link.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from markupsafe import Markup

from journey_mining.dashboards.colours import stage_styles
from journey_mining.dashboards.csv_files import csv_text, segment_files, shared_files, stage_page_files
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.site import environment, page_texts, plotly_script
from journey_mining.maps.map_pictures import SegmentMap

_ASSETS = Path(__file__).resolve().parent / "assets"
_BEGIN, _END, _AFTER, _LAST = '<div id="status" aria-live="polite"></div>', '<footer class="pg">', "</main>", "</body>"
_KEPT = ('<section class="card" id="definitions">', '<section class="card" id="lineage">')
"""parts of the data page that the numbers of a segment lead to"""
_LINK = re.compile(r'<a\b([^>]*?) href="([^"]*)"([^>]*)>')
_NAMES = re.compile(
    r'(\s(?:id|for|aria-labelledby|aria-describedby|data-fig|data-points|data-plot|data-src)=")([^"]+)"'
)
_DATA = "data.html"
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; connect-src 'none'; "
    "form-action 'none'; base-uri 'none'"
)


def one_file(scene: Scene, picture: SegmentMap) -> str:
    """The whole file of one segment in one language."""
    parts = _parts(scene, picture)
    texts = page_texts(scene, [*parts, _DATA])
    files = _files(scene, picture)
    sections = [_section(name, path, texts[path], parts, files) for path, name in parts.items()]
    for begin in _KEPT:
        kept = begin + texts[_DATA].partition(begin)[2].partition("</section>")[0] + "</section>"
        sections.append(_linked(kept, _DATA, parts, files))
    early, late = [_asset("theme.js")], [plotly_script().read_text(encoding="utf-8"), _asset("app.js")]
    return (
        environment()
        .get_template("one_file.html.j2")
        .render(
            title=f"{scene.words.plain('page.map_of')}: {scene.name(picture.segment.name)}",
            policy=_POLICY.format(scripts=" ".join(map(_hash, [*early, *late]))),
            styles=Markup(_asset("app.css") + stage_styles(len(scene.pictures.stages))),  # noqa: S704 - ours
            early=[Markup(script) for script in early],  # noqa: S704 - ours
            late=[Markup(script) for script in late],  # noqa: S704 - ours and plotly's; a test looks for ends of scripts
            sections=[Markup(section) for section in sections],  # noqa: S704 - rendered by templates that escape
            contents=_contents(scene, picture, parts),
            pictures=scene.pictures,
            scene=scene,
            t=scene.words,
            f=scene.formats,
            language=scene.language,
        )
    )


def _parts(scene: Scene, picture: SegmentMap) -> dict[str, str]:
    """Pages of the site that are in the file, each with the name of its part."""
    folder = f"segments/{picture.segment.slug}"
    slugs = [head.slug for head in scene.pictures.stages]
    stages = {f"{folder}/stages/{slug}.html": f"stage-page-{slug}" for slug in slugs}
    pages = {f"{folder}/{name}.html": f"{name.replace('_', '-')}-page" for name in ("map", "paths", "what_if")}
    return {**pages, **stages}


def _contents(scene: Scene, picture: SegmentMap, parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and anchors of the parts."""
    words = scene.words.plain
    names = [words(f"page.{name}") for name in ("map", "paths", "what_if")]
    names += [f"{column.stage.number}. {scene.name(column.stage.name)}" for column in picture.columns]
    return [*zip(names, parts.values(), strict=True), (words("data.definitions"), "definitions")]


def _files(scene: Scene, picture: SegmentMap) -> dict[str, str]:
    """Tables that pages of the segment link to, as addresses that hold them, by their place in the site."""
    pictures, folder = scene.pictures, f"segments/{picture.segment.slug}/csv"
    place = pictures.maps.index(picture)
    own = segment_files(scene, picture, pictures.paths[place], pictures.what_ifs[place])
    for stage in pictures.stage_pages[place]:
        own |= stage_page_files(scene, stage)
    places = {f"{folder}/{name}": sheet for name, sheet in own.items()}
    places["csv/metrics.csv"] = shared_files(scene)["metrics.csv"]
    return {name: _address(csv_text(scene, sheet)) for name, sheet in places.items()}


def _address(content: str) -> str:
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(content.encode()).decode()}"


def _section(name: str, path: str, page: str, parts: Mapping[str, str], files: Mapping[str, str]) -> str:
    """What stands between head and foot of a page, and the data of its figures."""
    main = page.partition(_BEGIN)[2].partition(_END)[0]
    figures = page.partition(_AFTER)[2].partition(_LAST)[0]
    drawn = _linked(main + figures, path, parts, files)
    if "/stages/" in path:
        # pages of stages name their parts alike
        drawn = _NAMES.sub(lambda match: f'{match[1]}{name}-{match[2].replace(" ", f" {name}-")}"', drawn)
    return f'<section class="part" id="{name}">{drawn}</section>'


def _linked(part: str, path: str, parts: Mapping[str, str], files: Mapping[str, str]) -> str:
    """The part with links that lead somewhere inside the file, or nowhere."""

    def link(match: re.Match[str]) -> str:
        before, address, after = match.groups()
        if address.startswith("#"):
            return match[0]
        place, _, fragment = html.unescape(address).partition("#")
        target = normpath(join(dirname(path), place))
        if target in files:
            named = after.replace(" download", f' download="{basename(target)}"', 1)
            return f'<a{before} href="{files[target]}"{named}>'
        if target in parts:
            return f'<a{before} href="#{parts[target]}"{after}>'
        if target == _DATA:
            return f'<a{before} href="#{html.escape(fragment or "definitions")}"{after}>'
        return f"<a{before}{after}>"

    return _LINK.sub(link, part)


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """What the policy of the page knows a script by."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
