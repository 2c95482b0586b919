"""What the complaints of a stage are about."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table2x2

from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.topics import lift_of, said_terms, stage_topics, topic_quotes, write_topics
from support import NOON, built, given, rows_of

READER = Reader(thresholds=Thresholds(small=3, thin=30), confidence=0.95)
COLUMNS = ["segment", "stage", "event_id", "person_id", "occurred_at", "text", "language", "source", "score"]


def complaints(*cells):
    rows = [
        ("all", stage, f"e{stage}{n}", f"{stage}{n}", NOON + timedelta(hours=n), text, "ru", "desk", -0.5)
        for stage, texts in cells
        for n, text in enumerate(texts)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def topics_of(texts, reader=READER):
    said = said_terms(texts, small=reader.thresholds.small)
    return said, stage_topics(texts, said, reader)


def test_the_words_of_one_stage_stand_out_there_and_nowhere_else():
    texts = complaints(
        ("pay", ["Списали деньги дважды"] * 20 + ["Сайт тормозит"] * 20),
        ("ship", ["Курьер опоздал"] * 20 + ["Сайт тормозит"] * 20),
    )
    _, topics = topics_of(texts)
    told = {(t.stage, t.term): (t.customer_count, t.base_customer_count) for t in topics if t.q_value < 0.05}
    assert told == {
        ("pay", "списали деньги"): (20, 0),
        ("pay", "деньги дважды"): (20, 0),
        ("ship", "курьер опоздал"): (20, 0),
    }


def test_forms_of_a_word_count_together_under_the_commonest():
    texts = complaints(("pay", ["оплата", "оплату!", "про оплату", "нет оплаты"]), ("ship", ["курьер"] * 5))
    _, topics = topics_of(texts)
    assert [(t.term, t.customer_count) for t in topics if t.stage == "pay"] == [("оплату", 3)]


def test_a_customer_counts_once():
    texts = complaints(("pay", ["возврат"] * 6), ("ship", ["курьер"] * 6))
    texts.loc[texts["stage"] == "pay", "person_id"] = ["a", "a", "a", "a", "b", "c"]
    _, topics = topics_of(texts)
    assert [(t.term, t.customer_count, t.stage_customer_count) for t in topics if t.stage == "pay"] == [
        ("возврат", 3, 3)
    ]


@pytest.mark.parametrize(("said", "elsewhere"), [(2, 9), (9, 2)])
def test_fewer_customers_than_may_be_told_give_no_row(said, elsewhere):
    _, topics = topics_of(complaints(("pay", ["возврат"] * said), ("ship", ["курьер"] * elsewhere)))
    assert topics == []


def test_what_no_person_wrote_gives_no_term():
    texts = complaints(("pay", ["Автоматический ответ: меня нет на месте"] * 9), ("ship", ["курьер"] * 9))
    assert set(said_terms(texts, small=3)["words"]) == {"курьер"}


def test_a_quote_is_short_holds_no_number_and_each_customer_has_one():
    texts = complaints(
        ("pay", ["возврат жду", "Возврат жду", "возврат 12345", "возврат " + "ждать " * 40, "где возврат\n--\nИван"]),
        ("ship", ["курьер"] * 9),
    )
    texts.loc[len(texts)] = texts.loc[4].to_dict() | {"event_id": "again", "text": "возврат опять"}
    said, topics = topics_of(texts)
    topics = [topic for topic in topics if topic.term == "возврат"]
    assert [quote["text"] for quote in topic_quotes(texts, said, topics)] == ["возврат жду", "возврат опять"]


@drawn(st.integers(1, 40), st.integers(1, 40), st.integers(41, 300), st.integers(41, 300))
def test_without_a_prior_the_interval_is_katzs(said, base_said, here, base):
    lift = lift_of(said, here, base_said, base, z=1.959963984540054, prior=0)
    table = Table2x2(np.array([[said, here - said], [base_said, base - base_said]]))
    assert (lift.ratio, lift.low, lift.high) == pytest.approx((table.riskratio, *table.riskratio_confint()))


@drawn(st.integers(1, 30), st.integers(0, 30), st.integers(30, 90), st.integers(30, 90))
def test_a_prior_draws_towards_one_and_keeps_the_side(said, base_said, here, base):
    lift = lift_of(said, here, base_said, base, z=1.96)
    assert math.isfinite(lift.high)
    assert lift.low <= lift.ratio <= lift.high
    raw = (said / here) / (base_said / base) if base_said else math.inf
    assert (lift.ratio - 1) * (raw - 1) >= -1e-9
    assert abs(math.log(lift.ratio)) <= (abs(math.log(raw)) if 0 < raw < math.inf else math.inf) + 1e-9


def test_chance_alone_rarely_gives_a_sure_term():
    draw = np.random.default_rng(5)
    words = [f"слово{chr(1072 + n)}{chr(1072 + n // 9)}" for n in range(30)]
    texts = complaints(
        *[(stage, [" , ".join(draw.choice(words, 4, replace=False)) for _ in range(200)]) for stage in "abc"]
    )
    _, topics = topics_of(texts)
    assert len([topic for topic in topics if topic.q_value < 0.05]) <= 1


def test_both_tables_are_there_and_empty_without_complaints(warehouse):
    texts = pd.DataFrame([("all", "pay", "e", "p", NOON, "t", "ru", "s", 0.5)], columns=COLUMNS)
    given(warehouse, "quotable_text", " ".join(COLUMNS), texts.to_numpy().tolist())
    given(warehouse, "sentiment", "event_id label", [("e", "positive")])
    built(warehouse, "negative_text", "event_id")
    assert write_topics(warehouse, READER) == {"stage_topic": 0, "stage_topic_quote": 0}
    assert rows_of(warehouse, "stage_topic", "segment stage term") == []


def test_rows_are_numbered_within_their_cell_and_flagged(warehouse):
    texts = complaints(("pay", ["возврат"] * 20 + ["курьер"] * 2), ("ship", ["курьер"] * 20 + ["возврат"] * 2))
    given(warehouse, "negative_text", " ".join(COLUMNS), texts.to_numpy().tolist())
    assert write_topics(warehouse, READER)["stage_topic"] == 2
    assert rows_of(warehouse, "stage_topic", "stage term_no term customer_count base_customer_count flags") == [
        ("pay", 1, "возврат", 20, 2, "thin,small_base"),
        ("ship", 1, "курьер", 20, 2, "thin,small_base"),
    ]
