"""The step that writes `sentiment`."""

from __future__ import annotations

import pytest

from journey_mining.voice import embedded_engine, score_texts
from journey_mining.voice import texts as texts_module
from journey_mining.warehouse import DuckDBWarehouse
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
        ("e1", "negative", "ru", "", "embedded-3"),
        ("e2", "positive", "ru", "short", "embedded-3"),
    ]
    assert report.counts == {"texts": 2, "scored": 2, "unscored": 0, "scored_anew": 2}


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
    assert report.counts == {"texts": 3, "scored": 1, "unscored": 2, "scored_anew": 3}


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
    assert score_texts(warehouse).counts == {"texts": 0, "scored": 0, "unscored": 0, "scored_anew": 0}
    assert warehouse.columns("sentiment") == [
        "event_id", "score", "label", "confidence", "satisfaction", "language", "flags", "engine"
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


class Counting:
    """The engine, and how many texts it was asked about."""

    def __init__(self):
        self.name, self.asked = embedded_engine().name, []

    def score(self, texts):
        self.asked += texts
        return embedded_engine().score(texts)


@pytest.fixture
def counting(monkeypatch):
    engine = Counting()
    monkeypatch.setattr(texts_module, "engine_named", lambda _: engine)
    return engine


def published(tmp_path, *rows):
    path = tmp_path / "journeys.duckdb"
    with DuckDBWarehouse(path) as former:
        given_texts(former, *rows)
        score_texts(former)
    return path


def test_a_later_run_scores_new_texts_only_and_gets_the_same_table(warehouse, tmp_path, counting):
    rows = [("e1", "customer", "Сайт лежит"), ("e2", "customer", None), ("e3", "customer", "Спасибо")]
    former = published(tmp_path, *rows)
    counting.asked.clear()
    given_texts(warehouse, *rows, ("e4", "customer", "Списали дважды"), ("e5", "customer", "Спасибо"))
    report = score_texts(warehouse, former=former)
    assert counting.asked == ["Списали дважды"]
    assert report.counts["scored_anew"] == 1
    again = rows_of(warehouse, "sentiment", COLUMNS)
    score_texts(warehouse)
    assert rows_of(warehouse, "sentiment", COLUMNS) == again


def test_only_texts_of_this_run_are_remembered(warehouse, tmp_path, counting):
    former = published(tmp_path, ("e1", "customer", "Анна просит забыть её"), ("e2", "customer", "Спасибо"))
    given_texts(warehouse, ("e2", "customer", "Спасибо"))
    score_texts(warehouse, former=former)
    assert [row[1] for row in rows_of(warehouse, "scored_text", "text_hash label")] == ["positive"]


def test_other_code_remembers_nothing(warehouse, tmp_path, counting, monkeypatch):
    former = published(tmp_path, ("e1", "customer", "Спасибо"))
    monkeypatch.setattr(texts_module, "_reader_mark", lambda *_: "another")
    given_texts(warehouse, ("e1", "customer", "Спасибо"))
    assert score_texts(warehouse, former=former).counts["scored_anew"] == 1


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_damaged_former_warehouse_costs_time_only(warehouse, tmp_path, content):
    (tmp_path / "broken.duckdb").write_bytes(content)
    given_texts(warehouse, ("e1", "customer", "Спасибо"))
    assert score_texts(warehouse, former=tmp_path / "broken.duckdb").counts["scored"] == 1


def test_pages_do_not_show_in_the_result(warehouse, monkeypatch):
    given_texts(warehouse, *[(f"e{n}", "customer", f"Списали {n % 3} раза") for n in range(7)])
    score_texts(warehouse)
    whole = rows_of(warehouse, "sentiment", COLUMNS), rows_of(warehouse, "scored_text", "text_hash score")
    monkeypatch.setattr(texts_module, "_PAGE", 2)
    heard = []
    score_texts(warehouse, tell=lambda done, total: heard.append((done, total)))
    assert (rows_of(warehouse, "sentiment", COLUMNS), rows_of(warehouse, "scored_text", "text_hash score")) == whole
    assert heard == [(2, 7), (4, 7), (6, 7), (7, 7)]


def test_other_settings_remember_nothing(warehouse, tmp_path):
    former = published(tmp_path, ("e1", "customer", "Спасибо"))
    given_texts(warehouse, ("e1", "customer", "Спасибо"))
    assert score_texts(warehouse, former=former, marks=["unsure_below 0.5"]).counts["scored_anew"] == 1


def test_what_an_engine_left_open_is_asked_again(warehouse):
    given_texts(warehouse, ("e1", "customer", "Ужасный сервис"), ("e2", "customer", ""))
    score_texts(warehouse, engine="none")
    assert rows_of(warehouse, "scored_text", "flags") == [("empty",)]
