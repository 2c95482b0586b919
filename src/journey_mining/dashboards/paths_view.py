"""The paths page as values for its template."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from journey_mining.dashboards.figures import figure_json
from journey_mining.dashboards.process_svg import process_drawing
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.stage_places import EXITS, exits_of, free_corner
from journey_mining.dashboards.stage_places import HEIGHT as STAGE_HEIGHT
from journey_mining.dashboards.stage_sankey import is_past_stage, stage_sankey
from journey_mining.dashboards.step_sankey import HEIGHT as STEP_HEIGHT
from journey_mining.dashboards.step_sankey import LAST_COLUMN, activity_name, node_of, step_sankey
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.path_pictures import SegmentPaths, StageFlows, StepFlows, Variant, Variants

_ROW = 25
"""pixels of a row in the ranking of losses"""


def paths_view(scene: Scene, paths: SegmentPaths, picture: SegmentMap) -> dict[str, Any]:
    """Everything the paths template prints."""
    return {
        "picture": picture,
        "lead": _lead(scene, paths),
        "stage": _stage_part(scene, paths.stage_flows, picture) if paths.stage_flows else None,
        "step": _step_part(scene, paths.step_flows) if paths.step_flows else None,
        "variants": _variants_part(scene, paths),
        "process": process_drawing(scene, paths.process) if paths.process else None,
        "fitness": _fitness(scene, paths),
        "no_step": "state.no_total" if paths.segment.is_size_hidden else "state.no_flows",
    }


def stage_rows(scene: Scene, flows: StageFlows) -> list[tuple[str, str, int, float]]:
    """From, to, journeys, share of those who entered; largest first."""
    entered = dict(flows.entered)
    rows = [
        (
            scene.stage_name(link.stage),
            scene.stage_name(link.target),
            link.journeys,
            link.journeys / entered[link.stage],
        )
        for link in flows.links
        if link.target in entered
    ]
    rows += [
        (scene.stage_name(stage), scene.words.plain(f"paths.{kind}"), journeys, journeys / entered[stage])
        for (stage, kind), journeys in exits_of(flows).items()
    ]
    rows += [
        (scene.words.plain("paths.begin"), scene.stage_name(stage), journeys, journeys / flows.drawn)
        for stage, journeys in flows.starts
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def step_rows(scene: Scene, flows: StepFlows) -> list[tuple[int, str, str, int, float]]:
    """Step, from, to or end, journeys, share of the node; by step, largest first."""
    rows: list[tuple[int, str, str, int, float]] = []
    for link in flows.links:
        source, target = node_of(flows, link.step, link.source), node_of(flows, link.step + 1, link.target)
        share = link.journeys / source.journeys
        rows.append((link.step, activity_name(scene, source), activity_name(scene, target), link.journeys, share))
    for step, column in enumerate(flows.columns, start=1):
        for node in column:
            ends = (("lost", node.lost), ("won", node.won), ("open", node.still_open), ("rest", node.rest))
            rows += [
                (step, activity_name(scene, node), scene.words.plain(f"paths.{kind}"), n, n / node.journeys)
                for kind, n in ends
                if n
            ]
    return sorted(rows, key=lambda row: (row[0], -row[3], row[1], row[2]))


def _lead(scene: Scene, paths: SegmentPaths) -> Markup:
    if paths.variants is None:
        return scene.words("state.no_flows", small=scene.pictures.limits.small)
    top = paths.variants.rows[0]
    names = " → ".join(scene.formats.quoted(scene.stage_name(stage)) for stage in top.stages)
    ending = scene.words.plain(f"ending.{top.ending}")
    if top.share is None:
        parts = [scene.words("paths.lead_top_hidden", stages=names, ending=ending)]
    else:
        parts = [scene.words("paths.lead_top", stages=names, share=scene.formats.share(top.share), ending=ending)]
    returns = paths.stage_flows.returns.value if paths.stage_flows else None
    if returns:
        journeys = scene.formats.plural(returns, scene.words.forms("journeys"))
        parts.append(scene.words("paths.lead_returns", n=journeys))
    return Markup(" ").join(parts)


def _stage_part(scene: Scene, flows: StageFlows, picture: SegmentMap) -> dict[str, Any]:
    losses = _losses(scene, picture)
    kinds = {kind for _, kind in exits_of(flows)}
    return {
        "figures": [
            ("f-stage", _json(stage_sankey(scene, flows, picture))),
            ("f-stage-colour", _json(stage_sankey(scene, flows, picture, by_stage=True))),
        ],
        "cover": _stage_cover(scene, flows),
        "alt": _stage_alt(scene, flows),
        "height": STAGE_HEIGHT,
        "width": 168 * (len(flows.entered) + 1),
        "losses": losses,
        "is_box_inside": free_corner(flows) > len(losses) * _ROW + 60 and len(flows.entered) >= 5,  # noqa: PLR2004
        "rows": [(a, b, scene.formats.count(n), scene.formats.share(s)) for a, b, n, s in stage_rows(scene, flows)],
        "kinds": [kind for kind in EXITS if kind in kinds],
        "has_skips": any(is_past_stage(scene, link) for link in flows.links),
    }


def _stage_cover(scene: Scene, flows: StageFlows) -> Markup:
    """How much of all journeys the picture shows, and what it cannot show."""
    words, formats, forms = scene.words, scene.formats, scene.words.forms("journeys")
    if flows.journeys is None:
        return words("paths.stage_hidden", drawn=formats.count(flows.drawn))
    left = flows.journeys - flows.drawn
    key = "paths.stage_part_unstaged" if flows.has_unstaged else "paths.stage_part"
    first = (
        words(
            key,
            drawn=formats.count(flows.drawn),
            n=formats.plural(flows.journeys, words.forms("journeys_of")),
            left=formats.plural(left, forms),
            small=scene.pictures.limits.small,
        )
        if left
        else words("paths.stage_whole", n=formats.count(flows.journeys))
    )
    if not flows.returns.value:
        return first
    return Markup(" ").join([first, words("paths.stage_returns", n=formats.plural(flows.returns.value, forms))])


def _stage_alt(scene: Scene, flows: StageFlows) -> str:
    lost: dict[str, int] = {}
    for (stage, kind), journeys in exits_of(flows).items():
        if kind in ("lost", "silent"):
            lost[stage] = lost.get(stage, 0) + journeys
    if not lost:
        return scene.words.plain("paths.stage_alt", summary="")
    worst = max(lost, key=lambda stage: lost[stage])
    n = scene.formats.plural(lost[worst], scene.words.forms("journeys"))
    finding = scene.words.plain("paths.stage_alt_loss", stage=scene.stage_name(worst), n=n)
    return scene.words.plain("paths.stage_alt", summary=finding)


def _losses(scene: Scene, picture: SegmentMap) -> list[dict[str, Any]]:
    """Stages by drop-off; those that may not be ranked are absent."""
    full = [column for column in picture.columns if column.drop_off.is_full]
    full.sort(key=lambda column: -(column.drop_off.estimate or 0.0))
    top = max((column.drop_off.estimate or 0.0 for column in full), default=0.0) or 1.0
    return [
        {
            "stage": column.stage,
            "name": scene.name(column.stage.name),
            "width": round(100 * (column.drop_off.estimate or 0.0) / top),
            "shown": scene.shown(column.drop_off),
        }
        for column in full
    ]


def _step_part(scene: Scene, flows: StepFlows) -> dict[str, Any]:
    forms = scene.words.forms("flows")
    first = max(flows.columns[0], key=lambda node: node.journeys)
    n = scene.formats.plural(first.journeys, scene.words.forms("journeys"))
    finding = scene.words.plain("paths.step_alt_first", name=activity_name(scene, first), n=n)
    return {
        "figure": _json(step_sankey(scene, flows)),
        "cover": scene.words(
            "paths.step_cover",
            drawn=scene.formats.plural(len(flows.links), forms),
            all=scene.formats.count(flows.flow_count),
            share=scene.formats.share(flows.named_share, 0),
            small=scene.pictures.limits.small,
        ),
        "short": scene.words("paths.step_short", n=len(flows.columns), small=scene.pictures.limits.small)
        if flows.is_shortened
        else "",
        "share": round(100 * flows.named_share),
        "alt": scene.words.plain("paths.step_alt", summary=finding),
        "height": STEP_HEIGHT,
        "width": 200 * len(flows.columns),
        "last_column": LAST_COLUMN,
        "heads": [
            (
                scene.words.plain("paths.step", n=step),
                _total(scene, total, flows.totals[0]),
            )
            for step, total in enumerate(flows.totals, start=1)
        ],
        "rows": [
            (step, a, b, scene.formats.count(n), scene.formats.share(s)) for step, a, b, n, s in step_rows(scene, flows)
        ],
    }


def _total(scene: Scene, total: int | None, first: int | None) -> str:
    if not (total and first):
        return scene.words.plain("state.withheld")
    return f"{scene.formats.count(total)} · {scene.formats.share(total / first, 0)}"


def _variants_part(scene: Scene, paths: SegmentPaths) -> dict[str, Any] | None:
    variants = paths.variants
    if variants is None:
        return None
    formats = scene.formats
    largest = max(row.customers for row in variants.rows)
    return {
        "rows": [_variant(scene, row, largest) for row in variants.rows],
        "note": scene.words.plain(
            "paths.variants_note", shown=len(variants.rows), all=formats.count(variants.variant_count)
        ),
        "rest": (
            scene.words.plain("paths.variants_rest", n=formats.count(variants.rest_variants)),
            formats.count(variants.rest_journeys),
            formats.share(rest_share(variants)),
        )
        if variants.rest_journeys
        else None,
    }


def rest_share(variants: Variants) -> float:
    """Share of journeys whose variants are not named."""
    return 1.0 - (variants.rows[-1].cumulative or 0.0)


def _variant(scene: Scene, row: Variant, largest: int) -> dict[str, Any]:
    numbers = {head.id: head.number for head in scene.pictures.stages}
    chips: list[tuple[int, str, bool]] = []
    furthest = 0
    for stage in row.stages:
        number = numbers.get(stage, 0)
        chips.append((number, scene.stage_name(stage), number <= furthest))
        furthest = max(furthest, number)
    return {
        "chips": chips,
        "ending": row.ending,
        "journeys": scene.formats.count(row.journeys),
        "customers": scene.formats.count(row.customers),
        "width": round(92 * row.customers / largest, 1),
        "share": "—" if row.share is None else scene.formats.share(row.share),
        "cumulative": "—" if row.cumulative is None else scene.formats.share(row.cumulative),
        "days": scene.formats.days(row.median_days) if row.median_days is not None else "—",
        "sort": (row.customers, row.median_days or 0.0),
    }


def _fitness(scene: Scene, paths: SegmentPaths) -> Markup | None:
    fitness = paths.fitness
    if fitness is None:
        return None
    if fitness.fitness is None or fitness.precision is None:
        key = f"paths.fitness_{fitness.reason}"
        return scene.words(key) if scene.words.has(key) else None
    return scene.words(
        "paths.fitness",
        fitness=scene.formats.share(fitness.fitness, 0),
        precision=scene.formats.share(fitness.precision, 0),
        n=scene.formats.count(fitness.held_out),
    )


def _json(figure: dict[str, Any]) -> Markup:
    return Markup(figure_json(figure))  # noqa: S704 - escaped by figure_json
