"""A mailbox of support: threads, forms, robots, encodings."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from journey_mining.sources import build_events
from source_place import KEY, Place

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Catalogue

NO_ID = "no-id"
FIRST_LETTER = """Сайт не работает
Здравствуйте! Сайт не открывается.

From noon, 12:00 on, it is dead.
From here it looks dead too."""


def key(message_id: str) -> str:
    return "mail:" + hashlib.md5(message_id.encode(), usedforsecurity=False).hexdigest()


def test_letters_and_answers_are_told_apart(events_of: Catalogue) -> None:
    assert events_of("mbox")(
        "select event_kind, activity_raw, occurred_at::varchar, actor_type, channel, direction from event "
        "where exclude is null order by occurred_at, order_key"
    ) == [
        ("email_in", "Письмо клиента", "2026-05-04 07:00:00", "customer", "email", "in"),
        ("email_out", "Письмо сотрудника", "2026-05-04 08:00:00", "agent", "email", "out"),
        ("email_in", "Письмо клиента в продолжение", "2026-05-04 09:00:00", "customer", "email", "in"),
        ("email_in", "Письмо из формы сайта", "2026-05-05 06:00:00", "customer", "email", "in"),
        ("email_out", "Письмо сотрудника", "2026-05-05 07:00:00", "agent", "email", "out"),
        ("email_out", "Письмо сотрудника", "2026-05-05 07:01:00", "agent", "email", "out"),
        ("email_in", "Письмо клиента", "2026-05-06 05:00:01", "customer", "email", "in"),
        ("email_in", "Письмо клиента в продолжение", "2026-05-07 06:00:00", "customer", "email", "in"),
    ]


def test_robots_circulars_spam_and_mails_of_staff_are_flagged(events_of: Catalogue) -> None:
    assert events_of("mbox")(
        "select occurred_at::varchar, exclude, exclude_reason, actor_type from event "
        "where exclude is not null order by occurred_at"
    ) == [
        ("2026-05-04 07:00:05", "bot", "automatic answer", "bot"),
        ("2026-05-05 07:02:00", "internal", "between staff", "agent"),
        ("2026-05-05 08:00:00", "bot", "report of delivery", "bot"),
        ("2026-05-05 08:10:00", "bot", "automatic answer", "bot"),
        ("2026-05-05 08:20:00", "bot", "bulk mail", "bot"),
        ("2026-05-05 08:30:00", "bot", "spam", "bot"),
        ("2026-05-05 08:40:00", "bot", "sender that reads nothing", "bot"),
        ("2026-05-05 08:50:00", "bot", "spam", "bot"),
    ]


def test_a_thread_holds_together_also_where_only_the_last_mail_is_named(events_of: Catalogue) -> None:
    assert events_of("mbox")(
        "select natural_key from event join event_object using (event_id) where object_type = 'thread' "
        f"and object_id = '{key('a1@mail.example')[5:]}' order by occurred_at"
    ) == [
        (key("a1@mail.example"),),
        (key("auto1@oblako-host.example"),),
        (key("b1@oblako-host.example"),),
        (key("a2@mail.example"),),
        (key("a3@mail.example"),),
    ]


def test_texts_are_decoded_and_lose_quotes_signatures_and_markup(events_of: Catalogue) -> None:
    assert events_of("mbox")("select text from event_text join event using (event_id) order by occurred_at") == [
        (FIRST_LETTER,),
        ("Спасибо, работает!",),
        ("Form\nСколько стоит перенос?",),
        ("No id\nПришлите счёт",),
        ("Снова не работает",),
    ]  # fmt: skip


def persons(events_of: Catalogue, *message_ids: str) -> list[tuple[int]]:
    keys = ", ".join(f"'{key(message_id)}'" for message_id in message_ids)
    return events_of("mbox")(
        "select count(distinct value) from event_identifier join event using (event_id) "
        f"where kind = 'email' and natural_key in ({keys}) having count(*) = {len(message_ids)}"
    )


def test_the_customer_is_who_wrote_or_who_was_written_to(events_of: Catalogue) -> None:
    assert persons(events_of, "a1@mail.example", "b1@oblako-host.example", "a2@mail.example") == [(1,)]


def test_a_form_of_the_site_is_the_letter_of_its_customer(events_of: Catalogue) -> None:
    assert persons(events_of, "form1@www.oblako-host.example", "b2@oblako-host.example") == [(1,)]


def test_an_offer_to_several_people_joins_none_of_them(events_of: Catalogue) -> None:
    assert persons(events_of, "b3@oblako-host.example") == []


def test_a_copy_in_the_maildir_of_sent_mail_is_the_same_mail(events_of: Catalogue) -> None:
    assert events_of.place("mbox").raw("select count(*) from file_ledger where status = 'loaded'") == [(3,)]
    assert events_of.place("mbox").raw(
        "select count(*) from stg_mbox__mails where message_id = 'b1@oblako-host.example'"
    ) == [(1,)]  # fmt: skip


def test_a_mail_without_an_id_is_known_by_its_content(events_of: Catalogue) -> None:
    assert events_of.place("mbox").raw(
        "select left(message_id, 5), from_email from stg_mbox__mails where message_id like 'no-id%'"
    ) == [(NO_ID, "vera@vektor.example")]


def test_a_mail_without_any_date_goes_to_quarantine(events_of: Catalogue) -> None:
    assert events_of.place("mbox").raw("select line, column_name, reason from quarantine") == [
        (170, "sent_at", "MISSING_VALUE")
    ]


def test_a_mailbox_without_mails_of_our_own_warns(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("mbox", fixtures=False)
    mail = "Message-ID: <{}@x.example>\nFrom: a@x.example\nDate: Mon, 4 May 2026 10:00:00 +0300\n\n"
    lone = [place.put(f"mbox/{number}.eml", mail.format(number)) for number in range(20)]
    place.load()
    (problem,) = build_events(place.project, target=tmp_path / "built.duckdb", key=KEY).problems
    assert (len(lone), problem.code) == (20, "CHECK_no_own_mail")
