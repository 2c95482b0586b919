from __future__ import annotations

from types import SimpleNamespace

from journey_mining.dashboards.ratings import rating_labels, rating_lines, rating_points
from journey_mining.dashboards.stage_sankey import head_lines
from journey_mining.maps.map_pictures import Spread
from journey_mining.maps.numbers import ABSENT, Number, Standing

FULL = Number(standing=Standing.FULL, estimate=0.2, low=0.1, high=0.3, customers=60)
THIN = Number(standing=Standing.THIN, low=0.0, high=0.4, customers=14)
SCENE = SimpleNamespace(
    shown=lambda *_: SimpleNamespace(text="+0.20", range="", base="", is_thin=False),
    name=str,
    words=SimpleNamespace(plain=lambda *_, **__: ""),
)
COLUMN = SimpleNamespace(stage=SimpleNamespace(name="a"), spreads=dict.fromkeys(("voice", "rating"), Spread()))


def test_the_line_breaks_where_too_few_answered() -> None:
    assert [line["x"] for line in rating_lines([ABSENT] * 4, [FULL, THIN, ABSENT, FULL])] == [[0.5, 1.5]]


def test_a_small_sample_is_a_hollow_diamond_without_a_label() -> None:
    marker = rating_points(SCENE, [COLUMN, COLUMN], [ABSENT, ABSENT], [FULL, THIN])["marker"]
    assert marker["color"] == ["@rating", "@surface"]
    assert len(rating_labels(SCENE, [ABSENT, ABSENT], [FULL, THIN], [])) == 1


def test_a_diamond_steps_aside_where_it_would_cover_the_point_of_the_texts() -> None:
    points = rating_points(SCENE, [COLUMN, COLUMN], [FULL, ABSENT], [FULL, FULL])
    assert points["x"] == [0.6, 1.5]


def test_a_label_leaves_the_place_that_another_label_takes() -> None:
    other = {"x": 0.5, "y": 0.2, "text": "x" * 40, "font": {"size": 14}}
    alone, beside = (rating_labels(SCENE, [ABSENT], [FULL], others)[0] for others in ([], [other]))
    assert (alone["xshift"], alone["yshift"]) != (beside["xshift"], beside["yshift"])


def test_names_over_columns_break_between_words() -> None:
    assert head_lines("Исследование и выбор") == ["Исследование и", "выбор"]
    assert head_lines("Renewal or buy-out") == ["Renewal or", "buy-out"]
    assert head_lines("Решение") == ["Решение"]
