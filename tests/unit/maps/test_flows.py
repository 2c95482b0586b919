from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from journey_mining.maps.heads import Name, StageHead
from journey_mining.maps.numbers import Count, Limits, Standing
from journey_mining.maps.path_pictures import StageFlows, StepFlows
from journey_mining.maps.stage_flows import returns_by_segment, stage_flows, ways_by_segment
from journey_mining.maps.step_flows import step_flows_together
from journey_mining.maps.variants import variants_of

STAGES = tuple(
    StageHead(id=name, number=n, name=Name(ru=name, en=name), is_optional=False)
    for n, name in enumerate(("a", "b", "c"), start=1)
)

LIMITS = Limits(small=10, thin=30)
NOBODY = Count(value=0, standing=Standing.NO_DATA)


def path_row(path: str, ending: str, n: int) -> dict[str, Any]:
    return {"segment": "s", "path": path, "ending": ending, "journey_count": n, "customer_count": n}


def links_of(paths: list[dict[str, Any]]) -> list[dict[str, Any]]:
    links: Counter[tuple[str, str]] = Counter()
    for row in paths:
        for link in pairwise(["journey_start", *row["path"].split(">"), row["ending"]]):
            links[link] += row["journey_count"]
    return [{"segment": "s", "stage": a, "next_stage": b, "customer_count": n} for (a, b), n in links.items()]


def drawn(ways: list[tuple[str, str, int]]) -> StageFlows:
    rows = [path_row(*way) for way in ways]
    return stage_flows(ways_by_segment(rows, links_of(rows), ["s"], 10)["s"], STAGES, NOBODY) or _none()


def step_row(step: int, activity: str, following: str, n: int) -> dict[str, Any]:
    counts = {"journey_count": n, "customer_count": n}
    return {"segment": "s", "step_no": step, "activity": activity, "next_activity": following, **counts}


def step_flows(rows: list[dict[str, Any]]) -> StepFlows | None:
    return step_flows_together({"s": rows}, {}, 10)["s"]


def variant_row(number: int, stages: str, n: int) -> dict[str, Any]:
    names = {"segment": "s", "variant_no": number, "variant_id": str(number), "stages": stages, "ending": "lost"}
    return names | {"journey_count": n, "customer_count": n, "median_days": 2.0}


def test_every_stage_is_entered_as_often_as_it_is_left() -> None:
    flows = drawn([("a>b", "won", 40), ("a", "lost", 20), ("b", "won", 15)])
    assert dict(flows.entered) == {"a": 60, "b": 55}
    assert dict(flows.starts) == {"a": 60, "b": 15}
    assert [(link.stage, link.target, link.journeys) for link in flows.links] == [
        ("a", "b", 40),
        ("a", "lost", 20),
        ("b", "won", 55),
    ]


def test_rare_ways_are_left_out_as_a_whole_and_told() -> None:
    flows = drawn([("a>b", "won", 40), ("a", "lost", 20), ("b", "won", 6), ("a>c", "lost", 5)])
    assert (flows.drawn, flows.journeys) == (60, 71)
    assert dict(flows.starts) == {"a": 60}


def test_a_segment_whose_ways_are_all_rare_has_no_stage_flows() -> None:
    ways = [path_row("a", "lost", 9), path_row("b", "won", 8)]
    assert stage_flows(ways_by_segment(ways, links_of(ways), ["s"], 10)["s"], STAGES, NOBODY) is None


def test_journeys_with_a_return_are_counted() -> None:
    rows = [variant_row(1, "a>b>a", 20), variant_row(2, "a>b", 30), variant_row(3, "b>a>b", 15)]
    assert returns_by_segment(rows, STAGES, LIMITS)["s"].value == 35


def test_few_journeys_with_a_return_are_hidden() -> None:
    assert returns_by_segment([variant_row(1, "b>a", 9)], STAGES, LIMITS)["s"].value is None


def test_columns_of_steps_add_up_to_the_journeys_that_reached_them() -> None:
    rows = [step_row(1, f"t{n}", "u", 40 - n) for n in range(7)] + [step_row(2, "u", "journey_end:lost", 259)]
    flows = step_flows(rows)
    assert flows is not None
    assert [sum(node.journeys for node in column) for column in flows.columns] == list(flows.totals) == [259, 259]
    assert len(flows.columns[0]) == 5


def test_a_step_node_splits_into_moves_ends_and_remainder() -> None:
    rows = [step_row(1, "t", "u", 50), step_row(1, "t", "journey_end:open", 20), step_row(1, "t", "journey_end:won", 3)]
    rows.append(step_row(2, "u", "journey_end:lost", 50))
    node = (step_flows(rows) or _none()).columns[0][0]
    assert (node.journeys, node.still_open, node.won, node.rest) == (73, 0, 0, 23)


def test_fewer_steps_are_drawn_where_too_little_can_be_named() -> None:
    rows = [step_row(s, "t", "t" if s < 3 else "u", 100) for s in (1, 2, 3)]
    rows += [step_row(s, f"u{n}", f"u{n}", 12) for s in (4, 5) for n in range(40)]
    flows = step_flows(rows) or _none()
    assert (len(flows.columns), flows.is_shortened) == (4, True)


def test_five_steps_are_drawn_where_most_moves_are_named() -> None:
    flows = step_flows([step_row(s, "t", "t", 100) for s in range(1, 7)]) or _none()
    assert (len(flows.columns), flows.is_shortened) == (5, False)


def test_never_more_than_forty_links_are_drawn() -> None:
    rows = [step_row(s, f"t{a}", f"t{b}", 20 + a) for s in range(1, 5) for a in range(6) for b in range(6)]
    flows = step_flows(rows)
    assert flows is not None
    assert len(flows.links) <= 40


def test_variants_and_their_remainder_add_up_to_all_journeys() -> None:
    variants = variants_of([variant_row(1, "a>b", 50), variant_row(2, "a", 30), variant_row(3, "b", 6)], 10, set())
    assert variants is not None
    assert [row.journeys for row in variants.rows] == [50]
    assert variants.rest_journeys == 36


def _none() -> Any:
    raise AssertionError
