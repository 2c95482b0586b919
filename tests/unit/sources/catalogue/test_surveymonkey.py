"""SurveyMonkey: two lines of headings, answers in numbers or words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Catalogue


def test_answers_keep_their_scale(events_of: Catalogue) -> None:
    assert events_of("surveymonkey")(
        "select natural_key, event_kind, occurred_at::varchar, score_raw, score_norm, asked_stage from event "
        "where channel = 'survey' and actor_type = 'customer' and direction = 'in' "
        "order by occurred_at, natural_key desc"
    ) == [
        ("nps:118734930401", "nps", "2026-05-06 07:17:01", "10/10", 1.0, "Внедрение"),
        ("csat:118734930401", "csat", "2026-05-06 07:17:01", "5/5", 1.0, "Внедрение"),
        ("words:118734930403", "review", "2026-05-08 18:01:00", None, None, None),
        ("nps:118734930402", "nps", "2026-05-09 05:00:00", "6/10", 0.6, "Решение"),
        ("csat:118734930402", "csat", "2026-05-09 05:00:00", "4/5", 0.75, "Решение"),
        ("csat:118734930406", "csat", "2026-05-09 21:31:00", "4/5", 0.75, None),
    ]


def test_the_address_invited_and_the_mark_in_the_link_say_who_answered(events_of: Catalogue) -> None:
    assert events_of("surveymonkey")(
        "select natural_key, list(kind order by kind) from event_identifier join event using (event_id) "
        "group by natural_key order by 1"
    ) == [
        ("csat:118734930401", ["crm_id", "email"]),
        ("nps:118734930401", ["crm_id", "email"]),
        ("words:118734930403", ["email"]),
    ]


def test_a_comment_belongs_to_one_answer(events_of: Catalogue) -> None:
    assert events_of("surveymonkey")(
        "select natural_key, text from event_text join event using (event_id) order by 1"
    ) == [
        ("nps:118734930401", "Всё понравилось,\nспасибо"),
        ("words:118734930403", "How do I pay by invoice?"),
    ]


def test_a_number_that_a_spreadsheet_shortened_is_refused(events_of: Catalogue) -> None:
    assert events_of.place("surveymonkey").raw("select line, column_name, reason from quarantine") == [
        (8, "respondent_id", "PRECISION_LOSS")
    ]


def test_an_answer_outside_of_its_scale_is_counted(events_of: Catalogue) -> None:
    assert events_of("surveymonkey")("select code, message, row_count from load_problem order by code") == [
        ("OUT_OF_RANGE", "values left out: nps_0_10", 1),
        ("PRECISION_LOSS", "rows not taken: respondent_id", 1),
    ]


def test_somebody_who_left_without_an_answer_is_no_event(events_of: Catalogue) -> None:
    assert events_of("surveymonkey")("select count(*) from event where natural_key like '%404'") == [(0,)]
