"""A project folder on disk: making one from a template, reading one, and the places inside it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journey_mining.errors import SettingsError, did_you_mean
from journey_mining.project.knowledge import IntendedPath, Knowledge
from journey_mining.project.overrides import NO_OVERRIDES, Overrides, read_overrides
from journey_mining.project.segments import Segments
from journey_mining.project.settings import Settings
from journey_mining.project.stages import StageMap
from journey_mining.project.values import read_toml, validated

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_DEMO_LINES = {
    "public_demo_key = false": "public_demo_key = true",
    "ignore = []": 'ignore = ["answer_key/**", "README.md"]',
    "internal_domains = []": 'internal_domains = ["oblako-host.example"]',
}
_KNOWLEDGE_FILES = ("personas.toml", "stages.toml", "actions.toml", "intended_path.toml", "targets.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project folder, read."""

    root: Path
    settings: Settings
    stages: StageMap
    segments: Segments
    knowledge: Knowledge
    overrides: Overrides = NO_OVERRIDES

    @property
    def inbox(self) -> Path:
        """Folder where exports land."""
        return (self.root / self.settings.inbox.path).resolve()

    @property
    def sources(self) -> Path:
        """Folder of the source specs in use."""
        return self.root / "sources"

    @property
    def raw_file(self) -> Path:
        """Private database: raw, staging, quarantine, ledger."""
        return self.root / "warehouse" / "raw.duckdb"

    @property
    def warehouse_file(self) -> Path:
        """Published database: `event` and everything after it."""
        return self.root / "warehouse" / "journeys.duckdb"

    @property
    def spark_folder(self) -> Path:
        """Where a cluster keeps its tables, a folder a night."""
        return (self.root / self.settings.warehouse.spark.folder).resolve()

    @property
    def site(self) -> Path:
        """Published site."""
        return self.root / "site"

    def stage_numbers(self) -> dict[str, int]:
        """Stage id to its number from 1."""
        return {stage.id: number for number, stage in enumerate(self.stages.stage, start=1)}


def load_project(root: Path) -> Project:
    """Read and cross-check every file of a project folder.

    Raises:
        SettingsError: a file is missing or is not TOML, has an unknown key, or names what is not there.
    """
    knowledge: dict[str, Any] = {}
    for name in _KNOWLEDGE_FILES:
        path = root / "knowledge" / name
        if path.is_file():
            knowledge.update(read_toml(path))
    segments_file = root / "segments.toml"
    project = Project(
        root=root.resolve(),
        settings=validated(Settings, read_toml(root / "journey.toml"), where=str(root / "journey.toml")),
        stages=validated(StageMap, read_toml(root / "stages.toml"), where=str(root / "stages.toml")),
        segments=validated(
            Segments, read_toml(segments_file) if segments_file.is_file() else {}, where=str(segments_file)
        ),
        knowledge=validated(Knowledge, knowledge, where=str(root / "knowledge")),
        overrides=read_overrides(root),
    )
    _refuse_unknown_names(project)
    return project


def template_ids() -> list[str]:
    """Ids of the shipped templates."""
    return sorted(path.name for path in _TEMPLATES.iterdir() if path.is_dir() and not path.name.startswith("_"))


def init_project(
    root: Path,
    *,
    template: str,
    sources: tuple[str, ...],
    catalog: Path,
    inbox: str = "inbox",
    demo: bool = False,
) -> list[Path]:
    """Make a project folder from a template and copy the named sources of `catalog` into it; the files written.

    `demo` is for simulated exports: identifiers are hashed with the published key, the answer key that lies beside the
    exports is ignored, and the simulated company's own domain is known.

    Raises:
        SettingsError: the folder is not empty, or there is no such template or source.
    """
    if template not in template_ids():
        raise SettingsError(
            f"There is no template {template!r}.{did_you_mean(template, template_ids())}",
            expected=f"one of {', '.join(template_ids())}.",
            todo="Name one of them with --template.",
        )
    if root.exists() and any(root.iterdir()):
        raise SettingsError(
            f"The folder {root} is not empty.",
            expected="a new or empty folder, so that nothing of yours is overwritten.",
            todo="Name another folder.",
        )
    known = sorted(path.name for path in catalog.iterdir() if (path / "spec.toml").is_file())
    for source in sources:
        if source not in known:
            raise SettingsError(
                f"There is no source {source!r} in the catalogue.{did_you_mean(source, known)}",
                expected=f"some of {', '.join(known)}.",
                todo="Name them with --source.",
            )
    shutil.copytree(_TEMPLATES / template, root, dirs_exist_ok=True)
    _adapt(
        root / "journey.toml",
        {'path = "inbox"': f"path = {json.dumps(inbox, ensure_ascii=False)}", **(_DEMO_LINES if demo else {})},
    )
    for source in sources:
        shutil.copytree(
            catalog / source, root / "sources" / source, ignore=shutil.ignore_patterns("fixtures", "__pycache__")
        )
    for folder in ("sources", "inbox", "warehouse"):
        (root / folder).mkdir(exist_ok=True)
    return sorted(path for path in root.rglob("*") if path.is_file())


def _adapt(settings: Path, changes: dict[str, str]) -> None:
    """Replace whole settings lines of a fresh template, keeping its comments."""
    text = settings.read_text(encoding="utf-8")
    for old, new in changes.items():
        if old not in text:
            raise SettingsError(
                f"The template's {settings.name} has no line {old!r}.",
                expected="every template to hold the lines that `journey init` adapts.",
                todo="Add the line to the template.",
            )
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")


def _refuse_unknown_names(project: Project) -> None:
    stages = set(project.stage_numbers()) | {""}
    segments = {segment.id for segment in project.segments.segment} | {"", "all", "unknown"}
    knowledge = project.knowledge
    faults = [f"action {a.id}: stage {a.stage!r}" for a in knowledge.action if a.stage not in stages]
    faults += [f"action {a.id}: segment {a.segment!r}" for a in knowledge.action if a.segment not in segments]
    faults += [f"target: stage {t.stage!r}" for t in knowledge.target if t.stage not in stages - {""}]
    faults += [f"target: segment {t.segment!r}" for t in knowledge.target if t.segment not in segments]
    faults += [f"persona: segment {p.segment!r}" for p in knowledge.persona if p.segment not in segments]
    faults += [f"stage knowledge: stage {k.stage!r}" for k in knowledge.stage if k.stage not in stages]
    faults += [f"stage knowledge: segment {k.segment!r}" for k in knowledge.stage if k.segment not in segments]
    faults += [fault for path in knowledge.intended for fault in _unknown_in_path(path, project, segments)]
    if faults:
        raise SettingsError(
            f"{project.root / 'knowledge'} names what is not there: {'; '.join(faults)}.",
            expected=f"stages {sorted(stages - {''})} and segments {sorted(segments - {''})}.",
            todo="Correct the names, or add them to stages.toml or segments.toml.",
        )


def _unknown_in_path(path: IntendedPath, project: Project, segments: set[str]) -> list[str]:
    known = [*project.stage_numbers(), *(touchpoint.id for touchpoint in project.stages.touchpoint)]
    unknown = [name for name in path.ids() if name not in known]
    faults = [f"intended path: step {name!r}{did_you_mean(name, known)}" for name in unknown]
    if path.segment not in segments:
        faults.append(f"intended path: segment {path.segment!r}{did_you_mean(path.segment, sorted(segments))}")
    return [fault.rstrip("?") for fault in faults]
