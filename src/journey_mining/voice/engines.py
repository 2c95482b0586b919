"""Sentiment engines by name: the embedded one, models in folders, an endpoint, cascades, and registered ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np

from journey_mining.errors import SettingsError, did_you_mean
from journey_mining.languages import language_of
from journey_mining.project import Project
from journey_mining.project.settings import VoiceSettings
from journey_mining.report import Problem
from journey_mining.voice.batch import LABELS, SentimentBatch, SentimentEngine
from journey_mining.voice.cascade import CascadeEngine
from journey_mining.voice.correction import corrected, load_correction
from journey_mining.voice.embedded import EmbeddedEngine, embedded_engine
from journey_mining.voice.endpoint import EndpointEngine, KeptAnswers
from journey_mining.voice.model_folders import hf_engine, model_files, onnx_engine
from journey_mining.voice.places import adapted_file, answers_file, levels_file
from journey_mining.voice.vader import VaderEngine

ENTRY_POINTS = "journey_mining.sentiment_engines"
"""group under which a package registers a callable that returns a `SentimentEngine`"""
_BUILT_IN = ("embedded", "shipped", "none", "vader", "endpoint", "onnx:FOLDER", "hf:FOLDER", "cascade:ENGINE")


class NoEngine:
    """Scores nothing; for projects that must not read texts."""

    name = "none"

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Languages, and no scores."""
        return SentimentBatch(
            probabilities=np.full((len(texts), len(LABELS)), np.nan),
            languages=tuple(language_of(text or "") for text in texts),
            flags=tuple("" if text and text.strip() else "empty" for text in texts),
        )


def engine_named(name: str, *, root: Path | None = None, settings: VoiceSettings | None = None) -> SentimentEngine:
    """The engine of that name.

    Args:
        name: `embedded` (with the project's correction, where there is one), `shipped` (without), `none`, `vader`,
            `onnx:FOLDER`, `hf:FOLDER`, `endpoint`, `cascade:ENGINE`, or a registered name.
        root: folder of the project, for its correction, its kept answers and relative folders.
        settings: `[voice]` of the project.

    Raises:
        SettingsError: there is none, or it needs a package, a model or settings that are not there.
        JourneyMiningError: the project's correction is damaged.
    """
    settings = settings or VoiceSettings()
    kind, _, rest = name.partition(":")
    if kind == "cascade" and rest:
        return CascadeEngine(
            light=engine_named("embedded", root=root),
            heavy=engine_named(rest, root=root, settings=settings),
            unsure_below=settings.unsure_below,
        )
    if kind in ("onnx", "hf") and rest:
        return (onnx_engine if kind == "onnx" else hf_engine)(_folder(rest, root))
    made: dict[str, Callable[[], SentimentEngine]] = {
        "embedded": lambda: _embedded(root),
        "shipped": embedded_engine,
        "none": NoEngine,
        "vader": VaderEngine,
        "endpoint": lambda: _endpoint(root, settings),
    }
    return made[name]() if name in made else _registered(name)


def project_engine(project: Project) -> SentimentEngine:
    """The engine that the project's settings name; raises as `engine_named`."""
    return engine_named(project.settings.voice.engine, root=project.root, settings=project.settings.voice)


def outdated_correction(project: Project) -> tuple[Problem, ...]:
    """A problem where the project's correction was made for another table than the shipped one; it is not used then."""
    path = adapted_file(project.root)
    if not path.is_file() or load_correction(path, embedded_engine().model) is not None:
        return ()
    text = (
        "The correction was made for another version of the sentiment table and is not used; expected one for "
        f"{embedded_engine().name}. Run `journey voice adapt` with your labels again."
    )
    return (Problem(code="VOICE_CORRECTION", where="voice/adapted.npz", text=text),)


def voice_marks(project: Project) -> list[str]:
    """What outside the package decides scores: files with their hashes, an address; changed ones score again."""
    files = [adapted_file(project.root), levels_file(project.root)]
    kind, _, rest = project.settings.voice.engine.removeprefix("cascade:").partition(":")
    if kind in ("onnx", "hf"):
        files += model_files(_folder(rest, project.root))
    marks = []
    if kind == "endpoint" and project.settings.voice.endpoint is not None:
        marks.append(f"voice endpoint {project.settings.voice.endpoint.url}")
    for path in files:
        if path.is_file():
            with path.open("rb") as content:
                marks.append(f"voice {path.name} {hashlib.file_digest(content, 'sha256').hexdigest()}")
    return marks


def _embedded(root: Path | None) -> EmbeddedEngine:
    shipped = embedded_engine()
    path = adapted_file(root) if root is not None else None
    correction = load_correction(path, shipped.model) if path is not None and path.is_file() else None
    return shipped if correction is None else EmbeddedEngine(model=corrected(shipped.model, correction))


def _endpoint(root: Path | None, settings: VoiceSettings) -> EndpointEngine:
    if settings.endpoint is None or root is None:
        raise SettingsError(
            "The engine endpoint is named, but [voice.endpoint] is not set.",
            expected="[voice.endpoint] in journey.toml with url, model, price_in and price_out.",
            todo="Add it (docs/settings.md lists the keys), or name another engine.",
        )
    return EndpointEngine(settings=settings.endpoint, kept=KeptAnswers(answers_file(root)))


def _folder(path: str, root: Path | None) -> Path:
    """A folder as named, relative to the project; the folder of a model file that is named itself."""
    folder = (root or Path()) / Path(path).expanduser()
    return folder.parent if folder.is_file() else folder


def _registered(name: str) -> SentimentEngine:
    registered = entry_points(group=ENTRY_POINTS)
    if name in registered.names:
        engine: SentimentEngine = registered[name].load()()
        return engine
    known = sorted({*_BUILT_IN, *registered.names})
    raise SettingsError(
        f"There is no sentiment engine {name!r}.{did_you_mean(name, known)}",
        expected=f"one of {', '.join(known)}.",
        todo=f"Correct the name, or install the package that registers it under {ENTRY_POINTS}.",
    )
