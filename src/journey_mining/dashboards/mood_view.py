"""What stands under the curve of emotions and behind it: who spoke, what the silent could change, other signals."""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.dashboards.ratings import spoken_words
from journey_mining.dashboards.scene import Kind, Scene, Shown
from journey_mining.maps.map_pictures import SegmentMap, Spread, StageColumn
from journey_mining.maps.moods import SIGNALS
from journey_mining.maps.numbers import Standing
from journey_mining.vocabulary import Estimand

_TOLD = (Estimand.VOICE, Estimand.RATING)
_DAYS = (Estimand.FIRST_RESPONSE_MEDIAN, Estimand.RESOLUTION_MEDIAN)
_SHARES = (Estimand.REPEAT_CONTACT, Estimand.REOPENED)
_WHOLE_SCALE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The cell under one point of the curve."""

    words: tuple[str, ...]
    """who wrote, who answered"""
    title: str
    """what is left open by those who did not"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One column of the table of signals."""

    key: str
    name: str
    good: str
    """which end is the good one, in words"""
    cells: tuple[Shown, ...]
    """one per stage"""


def covered(scene: Scene, column: StageColumn) -> Covered:
    """Who spoke of a stage, and how far the others could move the mean."""
    words = [spoken_words(scene, column, estimand) for estimand in _TOLD]
    titles = [_bounds_words(scene, column.spreads[estimand], estimand) for estimand in _TOLD]
    conflicts = column.spreads[Estimand.VOICE].conflicts
    if conflicts is not None:
        titles.append(scene.words.plain("emotion.conflict", n=scene.formats.count(conflicts)))
    return Covered(words=tuple(filter(None, words)), title=" ".join(filter(None, titles)))


def _bounds_words(scene: Scene, spread: Spread, estimand: Estimand) -> str:
    if spread.bound_low is None or spread.bound_high is None:
        return ""
    span = scene.formats.mood_range(spread.bound_low, spread.bound_high)
    return scene.words.plain(f"emotion.bounds_{estimand}", range=span)


def signals(scene: Scene, picture: SegmentMap) -> list[Signal]:
    """Columns of the table of signals; those of which nothing is known at any stage are left out."""
    columns = [_signal(scene, picture, estimand, good) for estimand, good in SIGNALS.items()]
    return [column for column in columns if any(shown.state is not Standing.NO_DATA for shown in column.cells)]


def _signal(scene: Scene, picture: SegmentMap, estimand: Estimand, good: str) -> Signal:
    kind: Kind = "days" if estimand in _DAYS else "share" if estimand in _SHARES else "mood"
    return Signal(
        key=str(estimand),
        name=scene.words.plain(f"estimand.{estimand}"),
        good=scene.words.plain(f"emotion.{good}_is_good"),
        cells=tuple(scene.shown(column.signals[estimand], kind) for column in picture.columns),
    )


def mood_sentences(scene: Scene, picture: SegmentMap) -> list[str]:
    """How firm the worst stage is, whether texts and answers go together, and who was asked."""
    words, formats = scene.words, scene.formats
    found: list[str] = []
    for worst in picture.worst_moods:
        key = "always" if worst.delta >= _WHOLE_SCALE else "tipping"
        delta = formats.decimal(worst.delta, 2)
        by = words.plain(f"emotion.by_{worst.estimand}")
        found.append(words.plain(f"emotion.{key}", by=by, stage=scene.name(worst.stage), delta=delta))
    link = picture.link
    if link is not None:
        rho = formats.decimal(link.correlation, 2) if link.correlation is not None else words.plain("state.no_data")
        count = formats.count(link.customers) if link.customers is not None else scene.hidden_sign
        found.append(words.plain(f"emotion.link_{link.reason}", rho=rho, n=count))
        if not picture.has_invitations:
            found.append(words.plain("emotion.no_invitations"))
    return found
