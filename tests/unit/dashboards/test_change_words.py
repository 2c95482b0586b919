from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from drawn_site import STAMP
from drawn_world import fill, invented_project
from journey_mining.dashboards.change_words import action_words, alarm_row
from journey_mining.dashboards.compare_view import shown_contrast
from journey_mining.dashboards.forest import marks_of, share_axis
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.site import scene_of
from journey_mining.maps import freeze_pictures
from journey_mining.maps.compare_pictures import Contrast
from journey_mining.maps.numbers import Number, Standing
from journey_mining.warehouse import DuckDBWarehouse


@pytest.fixture(scope="module")
def scene() -> Scene:
    with DuckDBWarehouse() as warehouse:
        fill(warehouse)
        return scene_of("en", freeze_pictures(warehouse, invented_project()), invented_project(), STAMP)


def _number(estimate: float, half: float = 0.05) -> Number:
    return Number(
        standing=Standing.FULL, estimate=estimate, low=estimate - half, high=estimate + half, customers=200,
        horizon_days=40,
    )  # fmt: skip


def test_an_action_is_told_in_words_no_stronger_than_its_design(scene: Scene) -> None:
    action = scene.pictures.trends.actions[0]
    heads = scene.pictures.segments
    said = {
        word: action_words(scene, replace(action, wording=word, control=heads[1]))
        for word in ("effect", "associated", "changed")
    }
    assert said["effect"].startswith("Effect, by comparison with “Small business”")
    assert "Effect" not in said["associated"] + said["changed"]
    nothing = action_words(scene, replace(action, wording="effect", control=heads[1], is_distinguishable=False))
    assert nothing.startswith("No difference beyond chance, by comparison with “Small business”.")
    assert "could have found 4.0\xa0pp or more" in nothing
    assert action_words(scene, replace(action, wording="")) == "Too few customers so far to say anything."


def test_a_thin_alarm_tells_its_interval_only(scene: Scene) -> None:
    alarm = scene.pictures.trends.alarms[0]
    assert "55.0% (49.0–61.0%) move on within 21\xa0days" in alarm_row(scene, alarm)["says"]
    thin = replace(alarm, since=replace(alarm.since, standing=Standing.THIN, estimate=None))
    assert "55.0%" not in alarm_row(scene, thin)["says"]
    over = replace(alarm, ended_on=datetime(2026, 9, 20))  # noqa: DTZ001
    assert alarm_row(scene, over)["says"].endswith("Over since 20\xa0Sep 2026.")


@pytest.mark.parametrize(
    ("low", "high", "q_value", "words", "css"),
    [
        (0.02, 0.18, 0.001, "+10.0\xa0pp", "neg"),
        (-0.02, 0.22, 0.001, "≈ 0", "muted"),
        (0.01, 0.19, 0.06, "+10.0\xa0pp", "muted"),
    ],
)
def test_only_a_proven_difference_has_a_colour(
    scene: Scene, low: float, high: float, q_value: float, words: str, css: str
) -> None:
    contrast = Contrast(first=_number(0.3), second=_number(0.2), difference=0.1, low=low, high=high, q_value=q_value)
    shown = shown_contrast(scene, contrast, "share", "less")
    assert (shown.difference, shown.css, shown.horizon) == (words, css, "40\xa0days")


def test_marks_stand_on_one_axis(scene: Scene) -> None:
    contrast = Contrast(first=_number(0.3), second=_number(0.1))
    axis = share_axis(scene, [contrast])
    assert axis.high == pytest.approx(0.4)
    assert axis.ticks == ((0.0, "0%"), (25.0, "10%"), (50.0, "20%"), (75.0, "30%"), (100.0, "40%"))
    assert [(m.side, m.left, m.centre, m.width) for m in marks_of(axis, contrast)] == [
        ("a", 62.5, 75.0, 25.0),
        ("b", 12.5, 25.0, 25.0),
    ]
