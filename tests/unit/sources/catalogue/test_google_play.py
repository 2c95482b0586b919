"""Google Play: monthly files of reviews in UTF-16, written anew every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from source_place import Place

if TYPE_CHECKING:
    from conftest import Catalogue

FIRST = "review:example.oblako.app:1777885200123"


def test_each_wording_of_a_review_is_said_at_its_own_time(events_of: Catalogue) -> None:
    assert events_of("google_play")(
        "select replace(natural_key, 'example.oblako.app', 'app'), event_kind, activity_raw, occurred_at::varchar, "
        "actor_type, direction, score_raw, score_norm from event where channel = 'store' order by occurred_at"
    ) == [
        ("review:app:1777885200123:1777885200123", "review", "Отзыв в Google Play", "2026-05-04 09:00:00.123",
         "customer", "in", "2/5", 0.25),
        ("review:app:1777971600000:1777971600000", "review", "Отзыв в Google Play", "2026-05-05 09:00:00",
         "customer", "in", "5/5", 1.0),
        ("review:app:1778058000000:1778058000000", "review", "Отзыв в Google Play", "2026-05-06 09:00:00",
         "customer", "in", "4/5", 0.75),
        ("review:app:1777885200123:reply:1778140800000", "ticket_reply", "Ответ на отзыв в Google Play",
         "2026-05-07 08:00:00", "agent", "out", None, None),
        ("review:app:1777885200123:1778148000456", "review", "Изменённый отзыв в Google Play",
         "2026-05-07 10:00:00.456", "customer", "in", "5/5", 1.0),
    ]  # fmt: skip


def test_words_are_the_customer_s_and_the_device_tells_foreign_languages(events_of: Catalogue) -> None:
    assert events_of("google_play")(
        "select text, language from event_text join event using (event_id) order by occurred_at"
    ) == [("Не открывается, вылетает", "ru"), ("Bom\nGostei muito", "pt"), ("Починили, спасибо", "ru")]


def test_a_review_belongs_to_nobody(events_of: Catalogue) -> None:
    assert events_of("google_play")("select * from event_identifier") == []


def test_a_review_its_changes_and_replies_are_one_object(events_of: Catalogue) -> None:
    assert events_of("google_play")(
        "select object_type, object_id, count(*) from event_object join event using (event_id) "
        f"where natural_key like '{FIRST}%' group by 1, 2 order by 1"
    ) == [("app", "example.oblako.app", 3), ("review", "example.oblako.app:1777885200123", 3)]


def test_the_file_is_utf_16(events_of: Catalogue) -> None:
    assert events_of.place("google_play").raw("select distinct encoding from file_ledger") == [("utf-16",)]


def test_the_version_of_the_app_is_kept(events_of: Catalogue) -> None:
    assert events_of("google_play")(
        "select attributes from event where event_kind = 'review' order by occurred_at"
    ) == [('{"app_version": "2.1.0"}',), ('{"app_version": "2.1.0"}',), (None,), ('{"app_version": "2.1.2"}',)]


def test_a_file_saved_as_utf_8_is_read_as_well(place: Place) -> None:
    place.use("google_play", fixtures=False)
    place.put(
        "google_play/reviews_app_202605.csv",
        "Package Name,Review Submit Millis Since Epoch,Star Rating,Review Text\napp,1777885200123,1,Плохо\n",
    )
    place.load()
    assert place.built("select score_raw, text from event join event_text using (event_id)") == [("1/5", "Плохо")]
