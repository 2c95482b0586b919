"""Notices, through real servers of this machine: said once, again when they come back, and never with a secret."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from drawn_world import Shape, fill, invented_project
from journey_mining.errors import SettingsError
from journey_mining.maps import freeze_pictures
from journey_mining.notices import channels_of
from journey_mining.notices.ledger import ledger_file
from journey_mining.notices.tell import tell_of, try_channels
from journey_mining.project import NotifySettings, Project
from journey_mining.project.values import validated
from journey_mining.report import Problem
from journey_mining.runs import RunRecord
from journey_mining.warehouse import DuckDBWarehouse

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - invented


class Post(BaseHTTPRequestHandler):
    """Takes what is posted; answers as the server says."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.taken.append((self.path, read_form(self.headers["Content-Type"], body)))
        self.send_response(400 if server.refused and self.path.endswith(server.refused) else server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def read_form(content_type: str, body: bytes) -> Any:
    """JSON, or the fields of a form with files."""
    if content_type.startswith("application/json"):
        return json.loads(body)
    whole = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=policy.default)
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in whole.iter_parts()
    }


class Mailbox(socketserver.StreamRequestHandler):
    """Speaks enough SMTP to take a message."""

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append(b"".join(lines))  # type: ignore[attr-defined]
            self.say("221 bye" if word == "QUIT" else "250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def web() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    server.taken, server.answer, server.refused = [], 200, ""
    yield from served(server)


@pytest.fixture
def mail() -> Iterator[Any]:
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox)
    server.daemon_threads, server.taken = True, []
    yield from served(server)


def served(server: Any) -> Iterator[Any]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def project_at(root: Path, notify: dict[str, Any]) -> Project:
    """The invented company, published, with an alarm that stands."""
    shape = Shape()
    project = replace(invented_project(shape), root=root)
    with DuckDBWarehouse(project.warehouse_file) as warehouse:
        fill(warehouse, shape)
    settings = project.settings.model_copy(update={"notify": validated(NotifySettings, notify, where="journey.toml")})
    return replace(project, settings=settings)


def ended(status: str = "published", problems: tuple[Problem, ...] = (), error_code: str = "") -> RunRecord:
    moment = "2026-09-28T00:40:00.000000Z"
    return RunRecord(
        run_id=moment,
        version="1",
        status=status,
        started_at=moment,
        finished_at=moment,
        fingerprint="f",
        steps=(),
        problems=problems,
        error_code=error_code,
    )


@pytest.fixture
def hooked(tmp_path: Path, web: Any, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("JOURNEY_WEBHOOK_URL", f"http://127.0.0.1:{web.server_port}/hook/s3cret")
    return project_at(tmp_path, {"language": "en", "site_url": "https://maps.example/", "webhook": {}})


def told(project: Project, record: RunRecord) -> list[Problem]:
    return tell_of(project, record, channels_of(project.settings.notify))


def test_an_alarm_goes_out_once_with_its_sentence_and_the_link(hooked: Project, web: Any) -> None:
    assert [told(hooked, ended()), told(hooked, ended("unchanged"))] == [[], []]
    ((path, body),) = web.taken
    assert (path, body["link"]) == ("/hook/s3cret", "https://maps.example/en/trends.html")
    assert [notice["kind"] for notice in body["notices"]] == ["alarm"]
    assert "of those who entered since about" in body["text"]


def test_the_picture_of_an_alarm_goes_with_it_and_is_drawn_only_when_it_is_told(
    hooked: Project, web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Project] = []

    def counted(warehouse: DuckDBWarehouse, project: Project) -> object:
        drawn.append(project)
        return freeze_pictures(warehouse, project)

    monkeypatch.setattr("journey_mining.notices.tell.freeze_pictures", counted)
    for status in ("published", "unchanged", "published"):
        told(hooked, ended(status))
    [(_, body)] = web.taken
    [picture] = body["pictures"]
    svg = picture["content"]
    assert (picture["name"], picture["type"], len(drawn)) == ("alarm-1.svg", "image/svg+xml", 1)
    assert f"<title>{escape(body['notices'][0]['text'])}</title>" in svg
    assert (svg.count('class="line"'), svg.count('class="alarm"')) == (1, 1)
    assert "an alarm’s change began: " in svg


def test_a_channel_that_was_not_told_yet_gets_the_whole_alarm(hooked: Project, web: Any) -> None:
    told(hooked, ended())
    late = replace(channels_of(hooked.settings.notify)[0], name="second")
    tell_of(hooked, ended("unchanged"), [*channels_of(hooked.settings.notify), late])
    first, second = [body for _, body in web.taken]
    assert first == second


def test_what_was_over_and_comes_back_is_told_again(hooked: Project, web: Any) -> None:
    for code in ("CHECK_FAILED", "CHECK_FAILED", "", "CHECK_FAILED"):
        told(hooked, ended("failed" if code else "unchanged", error_code=code))
    kinds = [notice["kind"] for _, body in web.taken for notice in body["notices"]]
    assert kinds == ["failed", "alarm", "failed"]


def test_a_gate_that_gets_worse_is_told_again_and_mutes_alarms(hooked: Project, web: Any) -> None:
    for code in ("GATE_FAIL", "GATE_FAIL", "GATE_WARN"):
        told(hooked, ended(problems=(Problem(code=code, where="zendesk/freshness", text="old"),)))
    kinds = [[notice["kind"] for notice in body["notices"]] for _, body in web.taken]
    assert kinds == [["gate"], ["alarm", "gate"]]


def test_names_of_files_are_not_told(hooked: Project, web: Any) -> None:
    told(hooked, ended(problems=(Problem(code="EMPTY_FILE", where="crm/anna.csv", text="", is_file=True),)))
    assert "Files that were not loaded: 1." in web.taken[0][1]["text"]
    assert "anna" not in web.taken[0][1]["text"]


def test_a_channel_that_does_not_answer_is_a_problem_and_is_tried_again(hooked: Project, web: Any) -> None:
    web.answer = 500
    (problem,) = told(hooked, ended())
    web.answer = 200
    assert told(hooked, ended("unchanged")) == []
    assert problem.code == "NOTIFY_FAILED"
    assert len(web.taken) == 2


def test_no_secret_stands_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_TELEGRAM_TOKEN", TOKEN)
    # nobody listens at port 9
    project = project_at(tmp_path, {"telegram": {"chat": "@maps", "api": "http://127.0.0.1:9"}})
    (problem,) = told(project, ended())
    assert TOKEN not in problem.text
    assert "ConnectionRefusedError" in problem.text


def test_a_missing_secret_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNEY_WEBHOOK_URL", raising=False)
    project = project_at(tmp_path, {"webhook": {}})
    ((name, fault),) = try_channels(project, channels_of(project.settings.notify))
    assert name == "webhook"
    assert "the environment has no JOURNEY_WEBHOOK_URL" in fault


def test_mail_comes_whole(tmp_path: Path, mail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNEY_SMTP_USER", raising=False)
    server = {"host": "127.0.0.1", "port": mail.server_address[1], "security": "none"}
    account = {"sender": "night@maps.example", "to": ["anna@maps.example", "ivan@maps.example"]}
    project = project_at(tmp_path, {"language": "ru", "mail": server | account})
    assert told(project, ended()) == []
    message = email.message_from_bytes(mail.taken[0], policy=policy.default)
    assert message["To"] == "anna@maps.example, ivan@maps.example"
    assert message["Subject"].startswith("Пути клиентов: ")
    text, picture = message.iter_parts()
    assert "trends.html" in text.get_content()
    assert (picture.get_content_type(), picture.get_filename()) == ("image/svg+xml", "alarm-1.svg")
    assert "Прошли дальше" in picture.get_content().decode() or "Потеряны" in picture.get_content().decode()


def test_telegram_gets_the_chat_and_the_text(tmp_path: Path, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_TELEGRAM_TOKEN", TOKEN)
    api = f"http://127.0.0.1:{web.server_port}"
    project = project_at(tmp_path, {"telegram": {"chat": "-1001", "api": api}})
    told(project, ended())
    (path, body), (place, form) = web.taken
    assert (path, body["chat_id"]) == (f"/bot{TOKEN}/sendMessage", "-1001")
    assert (place, form["chat_id"]) == (f"/bot{TOKEN}/sendDocument", "-1001")
    assert form["document"].startswith("<svg ")


def test_a_chat_that_takes_no_documents_is_told_the_text_once(
    tmp_path: Path, web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNEY_TELEGRAM_TOKEN", TOKEN)
    project = project_at(tmp_path, {"telegram": {"chat": "-1001", "api": f"http://127.0.0.1:{web.server_port}"}})
    web.refused = "sendDocument"
    assert [told(project, ended()), told(project, ended("unchanged"))] == [[], []]
    assert [path.rpartition("/")[2] for path, _ in web.taken] == ["sendMessage", "sendDocument"]


def test_a_torn_ledger_costs_only_its_torn_line(hooked: Project, web: Any) -> None:
    told(hooked, ended())
    with ledger_file(hooked.root).open("a", encoding="utf-8") as ledger:
        ledger.write('{"channel": "web')
    told(hooked, ended("failed", error_code="X"))
    told(hooked, ended("failed", error_code="X"))
    assert len(web.taken) == 2


@pytest.mark.parametrize(
    "notify",
    [
        {"telegram": {"chat": "@maps", "api": "http://bots.example"}},
        {"mail": {"host": "mail.example", "security": "none", "sender": "a@b.example", "to": ["c@d.example"]}},
    ],
)
def test_secrets_do_not_travel_in_the_open(notify: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="leaves this machine"):
        validated(NotifySettings, notify, where="journey.toml")
