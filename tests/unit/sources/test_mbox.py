"""Mailboxes as they are: many messages in a file, encodings that lie, mails that are broken."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from journey_mining.errors import FileRejectedError
from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers import mbox
from journey_mining.sources.readers.mail import LONGEST_BODY, record_of, without_hidden
from journey_mining.sources.spec import Stream

FIRST = (
    "From anna@mail.example Mon May  4 10:00:00 2026\n"
    "Message-ID: <1@mail.example>\nFrom: Anna <anna@mail.example>\nDate: Mon, 4 May 2026 10:00:00 +0300\n"
    "Subject: One\n\nHello\n"
)
SECOND = (
    "From - Mon May  4 11:00:00 2026\n"
    "Message-ID: <2@mail.example>\nFrom: bob@mail.example\nSubject: Two\n\nWorld\n"
)  # fmt: skip


def mail(text: str | bytes) -> dict[str, Any]:
    return record_of(text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode())


def letters(text: str) -> list[tuple[int, str]]:
    return [(letter.line, letter.content.decode()) for letter in mbox.letters(io.BytesIO(text.encode()))]


def read(tmp_path: Path, content: bytes, name: str = "a.mbox") -> list[Any]:
    (tmp_path / name).write_bytes(content)
    stream = Stream.model_validate(
        {"id": "mails", "files": ["*"], "format": "mbox", "key": ["a"], "columns": {"a": {"path": "$.message_id"}}}
    )
    return list(mbox.read(Delivered(path=tmp_path / name, name=name), stream, ""))


def test_each_message_is_a_record_under_its_line(tmp_path: Path) -> None:
    found = read(tmp_path, (FIRST + "\n" + SECOND).encode())
    assert [(line, branch.value["message_id"], branch.value["body"]) for line, branch in found] == [
        (1, "1@mail.example", "Hello"),
        (9, "2@mail.example", "World"),
    ]


def test_a_sentence_that_begins_with_from_begins_no_message() -> None:
    text = (
        FIRST
        + "\nFrom there we went home.\n\nFrom noon, 10:30 on, I was out.\n>From then on: no.\n"
        + "From 10:30 of 4 May 2026\non\n"
    )
    assert [line for line, _ in letters(text)] == [1]


def test_a_quoted_from_is_given_back_its_sentence() -> None:
    assert letters(FIRST + "\n>From Anna, with love\n>>From Bob\n")[0][1].endswith(
        "\nFrom Anna, with love\n>From Bob\n"
    )  # fmt: skip


def test_a_message_without_a_blank_line_at_its_end_does_not_swallow_the_next() -> None:
    assert [line for line, _ in letters(FIRST + SECOND)] == [1, 8]


def test_a_file_that_is_no_mbox_is_one_message(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + FIRST.split("\n", 1)[1].encode()
    assert [branch.value["from"] for _, branch in read(tmp_path, content, "one.eml")] == ["anna@mail.example"]


def test_an_empty_mailbox_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError, match="is empty"):
        read(tmp_path, b"\n\n")


def test_what_has_no_headers_of_a_mail_is_a_fault(tmp_path: Path) -> None:
    assert read(tmp_path, b"\x00\x01PK not a mail") == [
        RowFault(line=1, reason="MALFORMED_ROW", detail="no line From:, Date: or Subject:")
    ]


def test_a_huge_attachment_is_neither_kept_nor_decoded(tmp_path: Path) -> None:
    line = b"QUJDRA" * 12 + b"\n"
    content = (
        b"From: a@mail.example\nSubject: Big\nContent-Type: multipart/mixed; boundary=X\n\n"
        b"--X\nContent-Type: text/plain\n\nSee the file\n"
        b"--X\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n"
        b"Content-Transfer-Encoding: base64\n\n" + line * 140_000 + b"--X--\n"
    )
    assert len(content) > 10_000_000
    assert [(branch.value["body"], len(str(branch.value)) < 2_000) for _, branch in read(tmp_path, content)] == [
        ("See the file", True)
    ]


def test_a_message_beyond_all_measure_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "LARGEST_MESSAGE", 200)
    (letter,) = mbox.letters(io.BytesIO((FIRST + "x\n" * 1_000).encode()))
    assert 200 <= len(letter.content) < 240


def test_threads_addresses_and_marks_are_read() -> None:
    record = mail(
        "Message-ID: <c@mail.example>\nIn-Reply-To: <b@mail.example>\n"
        'References: <a@mail.example>\n <b@mail.example>\nFrom: "Petrova, Anna" <Anna@Mail.example>\n'
        "To: help@oblako.example, =?utf-8?B?0JHQvtGA0LjRgQ==?= <b@oblako.example>\nCc: c@oblako.example\n"
        "Reply-To: anna@home.example\nDelivered-To: help@oblako.example\nAuto-Submitted: auto-replied (vacation)\n"
        "Precedence: Bulk\nList-Id: News <news.mail.example>\nX-Spam-Flag: YES\nX-Gmail-Labels: Inbox,Spam\n"
        "Subject: Hi\n\nText\n"
    )
    assert record == {
        "message_id": "c@mail.example",
        "in_reply_to": "b@mail.example",
        "references": ["a@mail.example", "b@mail.example"],
        "thread_id": "a@mail.example",
        "from": "Anna@Mail.example",
        "from_name": "Petrova, Anna",
        "to": ["help@oblako.example", "b@oblako.example"],
        "cc": ["c@oblako.example"],
        "reply_to": "anna@home.example",
        "date": None,
        "subject": "Hi",
        "body": "Text",
        "is_html": False,
        "auto_submitted": "auto-replied",
        "precedence": "bulk",
        "list_id": "News <news.mail.example>",
        "delivered_to": "help@oblako.example",
        "content_type": "text/plain",
        "spam_flag": "yes",
        "gmail_labels": "Inbox,Spam",
    }


def test_headers_are_read_in_any_encoding() -> None:
    assert mail("From: a@b.example\nSubject: =?koi8-r?B?8NLJ18XU?= =?windows-1251?Q?_=EC=E8=F0?=\n\n")["subject"] == (
        "Привет мир"
    )  # fmt: skip


def test_a_letter_cut_between_two_encoded_words_is_whole_again() -> None:
    assert mail("From: a@b.example\nSubject: =?utf-8?B?0J8=?= =?utf-8?B?0YDQuA==?=\n\n")["subject"] == "При"
    assert mail("From: a@b.example\nSubject: =?utf-8?B?0J/R?= =?utf-8?B?gA==?=\n\n")["subject"] == "Пр"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r"])
def test_bytes_without_a_name_are_guessed(encoding: str) -> None:
    head = b"From: a@b.example\nSubject: "
    record = mail(head + "Счёт не пришёл\n\nНе работает оплата".encode(encoding))
    assert (record["subject"], record["body"]) == ("Счёт не пришёл", "Не работает оплата")


@pytest.mark.parametrize("charset", ["x-nobody-knows", "us-ascii", "utf-8", "win-1251", '"', "=?bad?="])
def test_an_encoding_that_is_unknown_or_a_lie_costs_nothing(charset: str) -> None:
    head = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert mail(head + "Спасибо, всё работает".encode("cp1251"))["body"] == "Спасибо, всё работает"


def test_plain_text_is_preferred_to_html() -> None:
    text = (
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=X\n\n"
        "--X\nContent-Type: text/html\n\n<p>Rich</p>\n--X\nContent-Type: text/plain\n\nPlain\n--X--\n"
    )
    assert (mail(text)["body"], mail(text)["is_html"]) == ("Plain", False)


def test_html_alone_becomes_text_without_its_styles() -> None:
    text = (
        "From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n"
        "<html><head><title>t</title></head><style>p {color: red}</style><p>Не&nbsp;работает</p><p>Ещё</p>"
    )
    assert (mail(text)["body"], mail(text)["is_html"]) == ("Не\u00a0работает\nЕщё", True)


def test_an_element_that_is_never_closed_hides_the_rest() -> None:
    assert without_hidden("<p>a</p><script>" * 3) == "<p>a</p>"


def test_a_truncated_multipart_gives_what_is_there() -> None:
    text = (
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=X\n\n"
        "--X\nContent-Type: multipart/alternative; boundary=Y\n\n--Y\nContent-Type: text/plain\n\nHalf of"
    )
    assert mail(text)["body"] == "Half of"


def test_a_multipart_without_boundary_is_no_text() -> None:
    assert mail("From: a@b.example\nContent-Type: multipart/mixed\n\nHello")["body"] is None


def test_a_forwarded_message_inside_is_not_the_text() -> None:
    text = (
        "From: mailer-daemon@b.example\nContent-Type: multipart/report; boundary=X\n\n"
        "--X\nContent-Type: message/rfc822\n\nFrom: c@d.example\nSubject: Old\n\nOld text\n--X--\n"
    )
    assert (mail(text)["body"], mail(text)["content_type"]) == (None, "multipart/report")


def test_a_missing_id_is_made_from_the_content() -> None:
    text = "From: a@b.example\nDate: Mon, 4 May 2026 10:00:00 +0300\n\nHi"
    assert (mail(text)["message_id"], mail(text)["thread_id"]) == ("no-id-3e7b166ccf3dfc28dbba1d0ce3562158",) * 2
    assert mail(text)["message_id"] != mail(text + "!")["message_id"]


@pytest.mark.parametrize(
    ("headers", "date"),
    [
        ("Date: Mon, 4 May 2026 10:00:00 +0300", "Mon, 04 May 2026 10:00:00 +0300"),
        ("Date: 4 May 26 10:00 MSK", "Mon, 04 May 2026 10:00:00 +0000"),
        ("Date: yesterday\nReceived: from a by b; Mon, 4 May 2026 07:00:05 +0000", "Mon, 04 May 2026 07:00:05 +0000"),
        ("Received: c; Mon, 4 May 2026 07:00:09 +0000\nReceived: b; Mon, 4 May 2026 07:00:05 +0000",
         "Mon, 04 May 2026 07:00:05 +0000"),
        ("Date: Mon, 99 May 2026 99:00:00 +9999", None),
        ("Date: ", None),
        ("Subject: none", None),
    ],
)  # fmt: skip
def test_the_time_is_the_sender_s_or_that_of_the_first_machine(headers: str, date: str | None) -> None:
    assert mail(f"From: a@b.example\n{headers}\n\n")["date"] == date


@pytest.mark.parametrize(
    "head",
    [
        "From: =?utf-8?B?4pyI?= <a@b.example",
        "From: a@b.example <a@b.example>",
        "From: =?utf-8?B?INVALID!!?= a@b.example",
        "From: <<a@b.example>>",
        'From: "unclosed a@b.example',
        "From: a@b.example (comment (nested)",
    ],
)
def test_a_broken_sender_is_still_an_address(head: str) -> None:
    assert mail(head + "\n\n")["from"] == "a@b.example"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1_000,
        b"From: \xff\xfe\nTo: \x00\nDate: \xd0\n\n\x80",
        b'Content-Type: multipart/mixed; boundary="' + b"x" * 5_000 + b'"\n\n--',
        b"Content-Type: text/plain; charset*=utf-8''%D0%ZZ\n\n\xff",
        b"Content-Transfer-Encoding: base64\nSubject: =?utf-8?B?\xd0?=\n\n%%%",
        b"Content-Transfer-Encoding: x-uuencode\n\nbegin 666 a\n\x00",
        b"Content-Type: ;;;=\nMime-Version: 1\n\nx",
        b"Subject: " + b"=?utf-8?Q?" * 2_000 + b"\n\n",
        b"Content-Type: message/rfc822\n\n" * 300,
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 300,
        b"References: " + b"<" * 100_000 + b"\n\n",
        b"To: " + b"(" * 50_000 + b"\n\n",
        b"Content-Type: message/rfc822\n\n" * 3_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)),
    ],
)  # fmt: skip
def test_nothing_that_a_mail_holds_is_a_crash(content: bytes) -> None:
    assert mail(content)["message_id"]


def test_a_long_text_is_cut() -> None:
    assert len(mail("From: a@b.example\n\n" + "x" * 100_000)["body"]) == LONGEST_BODY
