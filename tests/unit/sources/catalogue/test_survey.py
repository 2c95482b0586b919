"""Forms: headings in any language and order, scales, moments and days."""

from __future__ import annotations

from typing import Any

import pytest

from source_place import Place

ANSWERS = (
    "select event_kind, score_raw, round(score_norm, 2), occurred_at::varchar, ts_quality from event order by 4, 2"
)


@pytest.fixture
def form(place: Place) -> Place:
    place.use("survey", fixtures=False)
    return place


def built(form: Place, text: str | bytes, sql: str = ANSWERS) -> list[tuple[Any, ...]]:
    form.put("survey/answers_1.csv", text)
    form.load()
    return form.built(sql)


def test_a_time_of_day_dates_an_answer_exactly(form: Place) -> None:
    assert built(
        form,
        "Отметка времени,Насколько вы довольны? (1-5)\n06.05.2026 10:15:32,4\n2026/05/07 9:05:00 PM GMT+3,3\n"
        "5/8/2026 00:30:00,2\n09.05.2026,1\n",
    ) == [
        ("csat", "4/5", 0.75, "2026-05-06 07:15:32", "exact"),
        ("csat", "3/5", 0.5, "2026-05-07 18:05:00", "exact"),
        ("csat", "2/5", 0.25, "2026-05-07 21:30:00", "exact"),
        ("csat", "1/5", 0.0, "2026-05-09 00:00:00", "date_only"),
    ]


def test_each_scale_is_a_question_of_its_own(form: Place) -> None:
    assert built(
        form,
        "Timestamp,How likely are you to recommend us? (1-5),How satisfied are you? (1-10),"
        "How easy was it to solve your problem? (1-7)\n2026-05-06,5,10,4\n",
    ) == [
        ("csat", "10/10", 1.0, "2026-05-06 00:00:00", "date_only"),
        ("ces", "4/7", 0.5, "2026-05-06 00:00:00", "date_only"),
        ("nps", "5/5", 1.0, "2026-05-06 00:00:00", "date_only"),
    ]


def test_ten_out_of_five_is_left_out_and_counted(form: Place) -> None:
    assert built(form, "Timestamp,How likely are you to recommend us? (1-5)\n2026-05-06,10\n", PROBLEMS) == [
        ("OUT_OF_RANGE", "values left out: nps_1_5")
    ]


PROBLEMS = "select code, message from load_problem"


@pytest.mark.parametrize("heading", ["Отметка времени", "ОТМЕТКА ВРЕМЕНИ ", "Timestamp", "Zeitstempel", "Horodateur"])
def test_the_first_heading_is_known_in_the_language_of_the_sheet(form: Place, heading: str) -> None:
    text = f"Что ещё?,Комментарий,{heading}\nничего,Спасибо,2026-05-06\n"
    assert built(form, text, "select event_kind, ts_quality from event") == [("review", "date_only")]


def test_a_sheet_saved_by_a_spreadsheet_is_read_in_its_encoding(form: Place) -> None:
    text = "Отметка времени,Комментарий\n06.05.2026,Дорого\n".encode("cp1251")
    assert built(form, text, "select text from event_text") == [("Дорого",)]


def test_the_form_and_its_link_say_who_answered(form: Place) -> None:
    text = "Timestamp,Телефон,ID клиента,Email Address,Comment\n2026-05-06,8 916 555-01-01,501,a@firm.example,Hi\n"
    assert built(form, text, "select kind from event_identifier order by kind") == [
        ("crm_id",), ("email",), ("phone",),
    ]  # fmt: skip


def test_a_comment_goes_to_the_recommendation_whatever_its_scale(form: Place) -> None:
    text = (
        "Timestamp,How likely are you to recommend us? (1-5),How satisfied are you? (1-5),Comment\n2026-05-06,4,5,Hi\n"
    )
    sql = "select event_kind, text from event_text join event using (event_id)"
    assert built(form, text, sql) == [("nps", "Hi")]


INVITATIONS = (
    "Дата приглашения,Адрес электронной почты,О каком этапе спрашиваем?\n"
    "06.05.2026 10:15,anna@romashka.example,Внедрение\n07.05.2026,boris@probny.example,\n"
)


def test_an_invitation_is_ours_and_no_answer(form: Place) -> None:
    form.put("survey/invitations_1.csv", INVITATIONS)
    form.load()
    sql = (
        "select event_kind, actor_type, direction, asked_stage, occurred_at::varchar, ts_quality, score_norm "
        "from event order by occurred_at"
    )
    assert form.built(sql) == [
        ("survey_invited", "system", "out", "Внедрение", "2026-05-06 07:15:00", "exact", None),
        ("survey_invited", "system", "out", None, "2026-05-07 00:00:00", "date_only", None),
    ]


def test_an_invitation_belongs_to_whom_it_was_sent(form: Place) -> None:
    form.put("survey/invitations_1.csv", INVITATIONS)
    form.load()
    assert form.built("select kind, count(*) from event_identifier group by kind") == [("email", 2)]
