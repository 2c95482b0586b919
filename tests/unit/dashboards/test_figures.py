from __future__ import annotations

import json

from journey_mining.dashboards.colours import stage_colours
from journey_mining.dashboards.figures import figure_json, text
from journey_mining.dashboards.sankey import Box, Fill, Ribbon, fills_of, layer_values, scale_of, trace
from journey_mining.dashboards.scene import tame


def test_figure_json_cannot_close_the_script_it_stands_in() -> None:
    made = figure_json({"name": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(made)
    assert json.loads(made) == {"name": "</script><!--\u2028&"}


def test_plotly_reads_no_tags_in_names() -> None:
    assert text("<a href='x'>&") == "&lt;a href='x'&gt;&amp;"


def test_names_are_one_line_of_bounded_length() -> None:
    assert tame("a\n\u202eb") == "ab"
    assert len(tame("x" * 300)) == 80


def test_a_name_that_runs_right_to_left_keeps_to_itself() -> None:
    assert tame("أبجد") == "\u2068أبجد\u2069"


def test_layers_follow_the_longest_way() -> None:
    assert layer_values({"a": 10, "b": 6, "c": 7}, [("a", "b"), ("b", "c"), ("a", "c")]) == [10, 6, 7]


def test_the_scale_fits_the_fullest_column() -> None:
    assert scale_of([(100, 20.0), (50, 100.0)], [100], 200.0) == 1.8


def test_a_node_with_fewer_drawn_links_than_journeys_is_filled() -> None:
    assert fills_of([{"a": 10}, {"b": 4}], [("a", "b", 4)]) == [Fill(source="a", sink="~sink0", value=6)]


def test_unseen_nodes_use_up_what_the_first_layers_leave() -> None:
    boxes = [Box(key=k, x=0.1, top=0, value=v, colour="@flow", words=("", "")) for k, v in (("a", 10), ("b", 10))]
    ribbons = [Ribbon(source="a", target="b", value=10, colour="", hover="", words=("", "", "", ""))]
    made = trace(boxes, ribbons, scale=5.0, height=100.0, layers=[10, 10])
    assert made["link"]["value"] == [10, 10.0]


def test_twelve_stages_have_twelve_different_colours() -> None:
    assert len(set(stage_colours(12, "light"))) == len(set(stage_colours(12, "dark"))) == 12
