"""The work of each step of a night.

In: the night, which says where it is built and with which engine. Out: the tables and pages under construction. Each
step opens the warehouse it needs and closes it again, so that steps share nothing but files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from journey_mining.change import measure_change
from journey_mining.dashboards import Stamp, draw_site
from journey_mining.gates import measure_gates, red_sources
from journey_mining.identity import stitch
from journey_mining.journeys import build_journeys
from journey_mining.maps import freeze_pictures
from journey_mining.mining import mine_paths
from journey_mining.nights import Night, bring_back, building_warehouse, hand_over
from journey_mining.privacy import load_key
from journey_mining.privacy.tombstones import renew_tombstones
from journey_mining.progress import terminal_bar
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.runs import now_text
from journey_mining.schema_version import mark_new_raw, upgrade_raw
from journey_mining.scoring import score
from journey_mining.scoring.path_scores import score_paths
from journey_mining.sources import build_events, drop_old_text, erase_loaded, list_sources, load_inbox
from journey_mining.version import __version__
from journey_mining.voice import (
    measure_levels,
    outdated_correction,
    project_engine,
    score_texts,
    sweep_voice,
    voice_marks,
)
from journey_mining.warehouse import DuckDBWarehouse, Warehouse, layer_models
from journey_mining.warehouse.checks import run_checks

BUILT_LAYERS = ("events", "identity", "journeys", "paths", "scores", "gates", "change")


def _in_building(night: Night, work: Callable[[Warehouse, Project], StepReport]) -> StepReport:
    with building_warehouse(night) as warehouse:
        return work(warehouse, night.project)


def load(night: Night) -> StepReport:
    """Take new files of the inbox, and let old text go."""
    renew_tombstones(night.project)  # a rotation of the key may have been interrupted
    erased = erase_loaded(night.project, now=night.started_at)
    voice = sweep_voice(night.project)
    report = _loaded(night, night.only)
    forgotten = {"rows_forgotten": erased} if erased else {}
    dropped = drop_old_text(night.project, now=night.started_at)
    counts = {**report.counts, **forgotten, **dropped.counts, **voice.counts}
    return replace(report, counts=counts, problems=(*report.problems, *dropped.problems, *voice.problems))


def load_source(night: Night, source: str) -> StepReport:
    """Take new files of one source."""
    renew_tombstones(night.project)  # what is loaded is held against them
    return _loaded(night, (source,))


def _loaded(night: Night, only: Sequence[str]) -> StepReport:
    """Load into a private database of this release, whichever release made it."""
    project = night.project
    is_new, upgraded = not project.raw_file.is_file(), upgrade_raw(project)
    report = load_inbox(project, now=night.started_at, only=only)
    if is_new:
        mark_new_raw(project)
    return replace(report, problems=(upgraded, *report.problems)) if upgraded else report


def sources_taken(night: Night) -> Sequence[str]:
    """Ids of the sources whose files this night takes."""
    return night.only or tuple(info.id for info in list_sources(night.project))


def joined(parts: Sequence[StepReport], whole: StepReport) -> StepReport:
    """What a step and its parts did together; the step itself comes last and meets what its parts took as known."""
    counts = dict(whole.counts)
    for part in parts:
        for name in ("files_loaded", "rows_read", "rows_accepted", "rows_quarantined", "rows_collapsed"):
            counts[name] = counts.get(name, 0) + part.counts.get(name, 0)
    counts["files_known"] = counts.get("files_known", 0) - sum(part.counts.get("files_loaded", 0) for part in parts)
    problems = dict.fromkeys(problem for report in (*parts, whole) for problem in report.problems)
    return StepReport(counts=counts, problems=tuple(problems))


def make_events(night: Night) -> StepReport:
    """Turn records into events."""
    project = night.project
    report = build_events(project, target=night.building, key=load_key(project))
    hand_over(night)
    return report


def find_persons(night: Night) -> StepReport:
    """Find who is who."""
    return _in_building(night, stitch)


def cut_journeys(night: Night) -> StepReport:
    """Cut journeys and stages."""
    return _in_building(night, build_journeys)


def count_paths(night: Night) -> StepReport:
    """Count the paths people take."""
    return _in_building(night, mine_paths)


def estimate(night: Night) -> StepReport:
    """Score texts, then estimate every number."""
    return _in_building(night, _scored)


def _scored(warehouse: Warehouse, project: Project) -> StepReport:
    texts = _texts(warehouse, project)
    levels = measure_levels(warehouse, project)
    numbers = score(warehouse, project)
    ways = score_paths(warehouse, project)
    counts = {**texts.counts, **levels.counts, **numbers.counts, **ways.counts}
    problems = (*texts.problems, *outdated_correction(project), *numbers.problems)
    return StepReport(counts=counts, problems=problems)


def _texts(warehouse: Warehouse, project: Project) -> StepReport:
    marks = [*voice_marks(project), project.settings.voice.model_dump_json()]
    with terminal_bar("texts") as tell:
        return score_texts(
            warehouse, engine=project_engine(project), former=project.warehouse_file, marks=marks, tell=tell
        )


def hold_against_limits(night: Night) -> StepReport:
    """Hold each source against its limits."""
    return _in_building(night, measure_gates)


def compare_nights(night: Night) -> StepReport:
    """Compare with earlier nights; alarms are muted while a source is incomplete."""
    return _in_building(night, _changed)


def _changed(warehouse: Warehouse, project: Project) -> StepReport:
    report, red = measure_change(warehouse, project), red_sources(warehouse)
    return muted(report, red) if red else report


def muted(report: StepReport, red: Sequence[str]) -> StepReport:
    """The report without alarms about behaviour: where a source is incomplete, nobody can tell what customers do."""
    others = tuple(problem for problem in report.problems if problem.code != "ALARM")
    silenced = len(report.problems) - len(others)
    text = f"{silenced} alarms about behaviour are muted while a gate of {', '.join(red)} fails. Mend the source first."
    notice = Problem(code="ALARMS_MUTED", where=", ".join(red), text=text, is_notice=True)
    return replace(report, problems=(*others, notice) if silenced else others)


def check_promises(night: Night) -> StepReport:
    """Check every promise of the tables."""
    report = _in_building(night, _checked)
    bring_back(night)
    return report


def _checked(warehouse: Warehouse, _project: Project) -> StepReport:
    there = set(warehouse.tables())
    built = [model for layer in BUILT_LAYERS for model in layer_models(layer) if model.name in there]
    problems = run_checks(warehouse, built)
    return StepReport(counts={"models": len(built)}, problems=problems)


def draw(night: Night) -> StepReport:
    """Draw the site aside."""
    project = night.project
    with DuckDBWarehouse(night.building, read_only=True) as warehouse:
        pictures = freeze_pictures(warehouse, project)
    stamp = Stamp(
        run_at=night.started_at.replace(tzinfo=None),
        run_id=now_text(night.started_at),
        version=__version__,
        duration_seconds=(datetime.now(UTC) - night.started_at).total_seconds(),
        steps=night.taken,
    )
    pages = draw_site(pictures, project, stamp=stamp, out=night.site_building)
    return StepReport(counts={"files": len(pages)})
