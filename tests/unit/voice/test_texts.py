"""The step that writes `sentiment`."""

from __future__ import annotations

import pytest

from journey_mining.voice import score_texts
from support import given, rows_of

COLUMNS = "event_id score label language flags engine"


def given_texts(warehouse, *rows):
    given(warehouse, "event", "event_id actor_type", [(event_id, actor) for event_id, actor, _ in rows])
    texts = [(event_id, text, None) for event_id, _, text in rows if text is not ...]
    given(warehouse, "event_text", "event_id text language", texts)


def test_each_text_of_a_customer_gets_one_row_in_order_of_id(warehouse):
    given_texts(warehouse, ("e2", "customer", "Спасибо, помогли"), ("e1", "customer", "Сайт не работает"))
    report = score_texts(warehouse)
    assert rows_of(warehouse, "sentiment", "event_id label language flags engine", order_by="event_id") == [
        ("e1", "negative", "ru", "", "embedded-1"),
        ("e2", "positive", "ru", "short", "embedded-1"),
    ]
    assert report.counts == {"texts": 2, "scored": 2, "unscored": 0}


@pytest.mark.parametrize("actor", ["agent", "system", "bot", None])
def test_texts_of_others_than_customers_are_left_out(warehouse, actor):
    given_texts(warehouse, ("e1", actor, "Ужасный сервис"), ("e2", "customer", "Спасибо"))
    score_texts(warehouse)
    assert rows_of(warehouse, "sentiment", "event_id") == [("e2",)]


def test_a_text_that_cannot_be_scored_has_null_and_not_zero(warehouse):
    given_texts(warehouse, ("e1", "customer", ""), ("e2", "customer", None), ("e3", "customer", "Всё отлично"))
    report = score_texts(warehouse)
    assert rows_of(warehouse, "sentiment", "event_id score label confidence flags")[:2] == [
        ("e1", None, None, None, "empty"),
        ("e2", None, None, None, "empty"),
    ]
    assert report.counts == {"texts": 3, "scored": 1, "unscored": 2}


def test_equal_texts_get_equal_scores(warehouse):
    given_texts(warehouse, *[(f"e{n}", "customer", "Списали дважды") for n in range(3)], ("e9", "customer", "Класс"))
    score_texts(warehouse)
    assert len({row[1:] for row in rows_of(warehouse, "sentiment", COLUMNS)}) == 2


def test_an_event_without_a_text_has_no_row(warehouse):
    given_texts(warehouse, ("e1", "customer", ...), ("e2", "customer", "Спасибо"))
    score_texts(warehouse)
    assert rows_of(warehouse, "sentiment", "event_id") == [("e2",)]


def test_without_texts_the_table_is_there_and_empty(warehouse):
    given_texts(warehouse, ("e1", "customer", ...))
    assert score_texts(warehouse).counts == {"texts": 0, "scored": 0, "unscored": 0}
    assert warehouse.columns("sentiment") == [
        "event_id", "score", "label", "confidence", "language", "flags", "engine"
    ]  # fmt: skip


def test_foreign_texts_are_reported_as_a_problem(warehouse):
    given_texts(warehouse, ("e1", "customer", "Não consigo acessar o painel desde ontem"))
    problems = score_texts(warehouse).problems
    assert [problem.code for problem in problems] == ["VOICE_LANGUAGE"]


def test_the_engine_none_leaves_every_score_null(warehouse):
    given_texts(warehouse, ("e1", "customer", "Ужасный сервис"))
    score_texts(warehouse, engine="none")
    assert rows_of(warehouse, "sentiment", COLUMNS) == [("e1", None, None, "ru", "", "none")]


def test_scoring_again_gives_the_same_table(warehouse):
    given_texts(warehouse, ("e1", "customer", "Сайт лежит"), ("e2", "customer", "Спасибо"))
    score_texts(warehouse)
    first = warehouse.read_arrow("sentiment", order_by=("event_id",))
    score_texts(warehouse)
    assert warehouse.read_arrow("sentiment", order_by=("event_id",)).equals(first)


def test_a_text_whose_source_states_another_language_stays_unscored(warehouse):
    given(warehouse, "event", "event_id actor_type", [("e1", "customer"), ("e2", "customer")])
    given(warehouse, "event_text", "event_id text language", [("e1", "Super recomendo", "pt"), ("e2", "Super", "en")])
    score_texts(warehouse)
    assert rows_of(warehouse, "sentiment", "event_id language flags")[0] == ("e1", "pt", "other_language")
    assert rows_of(warehouse, "sentiment", "score", order_by="event_id")[0] == (None,)
