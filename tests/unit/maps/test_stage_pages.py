from __future__ import annotations

import pytest

from drawn_world import Shape, fill, invented_project
from journey_mining.maps import Pictures, freeze_pictures
from journey_mining.maps.numbers import Standing
from journey_mining.maps.stage_pictures import StagePicture
from journey_mining.warehouse import DuckDBWarehouse
from support import given

FACT = (
    "segment stage condition condition_value text_ru text_en customer_count other_count drop_off low high "
    "other_drop_off difference difference_low difference_high excess_count p_value q_value horizon_days method flags"
)


def pictures(warehouse: DuckDBWarehouse, shape: Shape | None = None) -> Pictures:
    return freeze_pictures(warehouse, invented_project(shape))


def page(found: Pictures, segment: str, stage: str) -> StagePicture:
    every = [picture for pages in found.stage_pages for picture in pages]
    return next(p for p in every if (p.segment.id, p.column.stage.id) == (segment, stage))


def fact(segment: str, value: str, customers: int) -> tuple:
    numbers = (customers, 300, 0.3, 0.2, 0.4, 0.2, 0.1, 0.0, 0.2, 30.0, 0.01, 0.02, 70, "aalen_johansen", "")
    return (segment, "decision", "entry_channel", value, value, value, *numbers)


def test_every_segment_has_a_page_for_every_stage_with_the_numbers_of_its_map(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    found = pictures(warehouse)
    assert [[page.column for page in pages] for pages in found.stage_pages] == [list(m.columns) for m in found.maps]


def test_the_curve_ends_at_the_drop_off_of_the_map(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    picture = page(pictures(warehouse), "smb", "decision")
    assert picture.curve is not None
    assert picture.curve.points[-1].share == pytest.approx(picture.column.drop_off.estimate)
    assert picture.curve.horizon_days == picture.column.drop_off.horizon_days


def test_ways_onward_add_up_to_those_who_entered_in_the_sankey(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(stages=12))
    found = pictures(warehouse, Shape(stages=12))
    for paths, pages in zip(found.paths, found.stage_pages, strict=True):
        entered = dict(paths.stage_flows.entered) if paths.stage_flows else {}
        for picture in pages:
            steps = picture.next_steps.steps if picture.next_steps else ()
            assert sum(step.journeys for step in steps) == entered.get(picture.column.stage.id, 0)
            assert len(steps) <= 9


def test_a_small_sample_has_its_band_only(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    warehouse.execute("update metric_value set flags = 'thin' where estimand = 'drop_off' and stage = 'decision'")
    curve = page(pictures(warehouse), "smb", "decision").curve
    assert curve is not None
    assert {point.share for point in curve.points} == {None}
    assert curve.points[-1].high > 0


def test_the_number_behind_a_fact_is_hidden_where_the_others_give_away_a_few(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    given(warehouse, "stage_fact", FACT, [fact("smb", "web", 700), fact("smb", "phone", 200), fact("smb", "other", 4)])
    facts = {item.name.en: item for item in page(pictures(warehouse), "smb", "decision").facts}
    assert facts["web"].drop_off.customers == 700
    assert (facts["phone"].drop_off.customers, facts["phone"].excess) == (None, None)
    assert facts["phone"].drop_off.estimate == pytest.approx(0.3)


def test_a_fact_that_a_segment_hides_among_others_hides_the_next_segment(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    rows = [
        fact("smb", "web", 700),
        fact("personal", "web", 900),
        fact("unknown", "web", 33),
        fact("corp", "other", 40),
    ]
    given(warehouse, "stage_fact", FACT, [fact("all", "web", 1640), *rows])
    found = pictures(warehouse)
    told = {s: page(found, s, "decision").facts[0].drop_off.customers for s in ("all", "smb", "personal")}
    assert told == {"all": 1640, "smb": 700, "personal": 900}
    hidden = page(found, "unknown", "decision").facts
    assert hidden[0].drop_off.customers is None


def test_twins_of_one_group_stand_once(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    twin = (*fact("smb", "web", 700)[:2], "entry_source", "metrica", "metrica", "metrica", *fact("smb", "web", 700)[6:])
    given(warehouse, "stage_fact", FACT, [fact("smb", "web", 700), twin])
    assert len(page(pictures(warehouse), "smb", "decision").facts) == 1


def test_only_single_conditions_of_the_other_half_mark_a_fact_as_confirmed(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    picture = page(pictures(warehouse), "smb", "decision")
    assert {item.name.en: item.is_confirmed for item in picture.facts} == {
        "channel or type: web": True,
        "channel or type: crm": False,
        "channel or type: Корпорация": False,
    }
    assert picture.subgroups[0].is_confirmed


def test_a_segment_whose_size_is_hidden_tells_no_number_of_customers_on_its_stage_pages(
    warehouse: DuckDBWarehouse,
) -> None:
    shape = Shape(sizes={"corp": 4, "unknown": 60})
    fill(warehouse, shape)
    found = pictures(warehouse, shape)
    for picture in found.stage_pages[-1]:
        assert picture.segment.id == "unknown"
        assert picture.waits.bins == ()
        assert {run.number.customers for run in picture.past} <= {None}
        assert {item.share.customers for item in picture.deviations} <= {None}
        assert all(fact.drop_off.customers is None for fact in picture.facts if fact.drop_off.is_full)


DEVIATION = (
    "segment deviation_no kind step after_step journey_count customer_count base_customer_count share share_low "
    "share_high mean_times loss_ratio loss_ratio_low loss_ratio_high q_value mature_days flags"
)


def deviation(segment: str, customers: int, base: int) -> tuple:
    numbers = (customers, customers, base, customers / base, 0.1, 0.2, 1.0, 1.6, 1.2, 2.1, 0.01, 40, "")
    return (segment, 1, "skipped", "decision", "", *numbers)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([deviation("all", 90, 400), deviation("smb", 60, 300), deviation("corp", 30, 100)], [90, 60, 30]),
        ([deviation("all", 90, 400), deviation("smb", 86, 300)], [90, None]),
        ([deviation("all", 90, 400), deviation("smb", 60, 66)], [90, None]),
    ],
    ids=["enough everywhere", "four in the other segments", "six who did not"],
)
def test_shares_of_deviations_tell_of_no_small_group(
    warehouse: DuckDBWarehouse, rows: list[tuple], told: list[int | None]
) -> None:
    fill(warehouse)
    given(warehouse, "path_deviation", DEVIATION, rows)
    found = pictures(warehouse)
    shown = [page(found, row[0], "decision").deviations[0].share for row in rows]
    assert [share.customers for share in shown] == told
    # without n the share is round, so that it does not tell n either
    exact = [share.estimate == row[6] / row[7] for share, row in zip(shown, rows, strict=True)]
    assert exact == [n is not None for n in told]


def test_a_word_of_few_customers_has_no_mood(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    columns = "segment stage term customer_count base_customer_count lift lift_low lift_high q_value mean_score flags"
    rows = [("smb", "decision", "счёт", 44, 900, 3.0, 2.0, 4.0, 0.01, -0.4, "")]
    rows += [("smb", "decision", "акт", 12, 900, 4.0, 1.5, 9.0, 0.02, -0.9, "thin")]
    rows += [("smb", "decision", "пеня", 7, 900, 9.0, 5.0, 12.0, 0.01, -1.0, "small")]
    given(warehouse, "stage_topic", columns, rows)
    terms = page(pictures(warehouse), "smb", "decision").terms
    assert [(term.text, term.mood) for term in terms] == [("счёт", -0.4), ("акт", None)]


FEELING = "segment stage feeling share share_low share_high customer_count text_count method flags"


def feeling(customers: int) -> tuple:
    return ("smb", "decision", "satisfaction", 0.3, 0.22, 0.39, customers, 500, "wilson", "")


def test_the_satisfied_are_told_with_the_customers_of_the_voice_or_not_at_all(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse)
    voice = page(pictures(warehouse), "smb", "decision").column.voice.customers
    given(warehouse, "stage_feeling", FEELING, [feeling(voice)])
    told = page(pictures(warehouse), "smb", "decision").column.satisfied
    assert (told.estimate, told.low, told.high, told.customers) == (0.3, 0.22, 0.39, voice)
    assert page(pictures(warehouse), "smb", "support").column.satisfied.standing is Standing.NO_DATA
    # Wilson's interval tells its number of customers, so another number beside the voice takes the share along
    given(warehouse, "stage_feeling", FEELING, [feeling(voice - 3)])
    held = page(pictures(warehouse), "smb", "decision").column.satisfied
    assert (held.standing, held.low, held.customers) == (Standing.WITHHELD, None, None)


@pytest.mark.parametrize("case", ["few wrote", "size of the segment is hidden"])
def test_no_share_of_the_satisfied_gives_away_a_small_group(warehouse: DuckDBWarehouse, case: str) -> None:
    shape = Shape(sizes={"corp": 4, "unknown": 60}) if case != "few wrote" else Shape(sizes={"corp": 12})
    fill(warehouse, shape)
    for pages in pictures(warehouse, shape).stage_pages:
        for picture in pages:
            satisfied, voice = picture.column.satisfied, picture.column.voice
            assert satisfied.customers == (voice.customers if satisfied.low is not None else None)
            if voice.standing is Standing.HIDDEN or voice.customers is None:
                assert (satisfied.estimate, satisfied.low, satisfied.high) == (None, None, None)


def test_a_page_of_a_stage_without_anything_is_empty_and_there(warehouse: DuckDBWarehouse) -> None:
    fill(warehouse, Shape(sizes={"corp": 12}))
    picture = page(pictures(warehouse, Shape(sizes={"corp": 12})), "corp", "renewal")
    assert picture.curve is None
    assert picture.facts == ()
    assert picture.column.drop_off.standing in (Standing.HIDDEN, Standing.NO_DATA)
