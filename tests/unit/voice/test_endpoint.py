"""An engine behind HTTP, against a real server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from pydantic import ValidationError

from journey_mining.errors import JourneyMiningError, SettingsError
from journey_mining.project.settings import EndpointSettings
from journey_mining.voice import engine_named
from journey_mining.voice.endpoint import EndpointEngine, KeptAnswers, shares_told


class Service(ThreadingHTTPServer):
    """Answers chat completions: complaints with 80 15 5, everything else with 10 20 70."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        self.failures: list[int] = []
        self.answer = ""
        self.tokens = 100

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.append(self.headers["Authorization"])
        if self.server.failures:
            status = self.server.failures.pop(0)
            self.send_response(status)
            self.send_header("Retry-After", "7")
            if status == 302:
                self.send_header("Location", self.server.url + "/elsewhere")
            self.end_headers()
            return
        self.server.asked.append(question)
        text = question["messages"][1]["content"]
        said = self.server.answer or ("80 15 5" if "не работает" in text else "10 20 70")
        reply = {
            "choices": [{"message": {"content": said}}],
            "usage": {"prompt_tokens": self.server.tokens, "completion_tokens": 0},
        }
        body = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the standard library
        """Keep quiet."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "*")
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def engine(service, tmp_path, *, waits=None, **changes):
    settings = {"url": service.url, "model": "small", "price_in": 1, "price_out": 1, "parallel": 2, **changes}
    return EndpointEngine(
        settings=EndpointSettings(**settings),
        kept=KeptAnswers(tmp_path / "answers.jsonl"),
        pause=(waits if waits is not None else []).append,
    )


def test_answers_become_scores_and_empty_texts_are_never_sent(service, tmp_path):
    batch = engine(service, tmp_path).score(["Сайт не работает", "", "Thanks, all good", None])
    assert batch.labels() == ["negative", None, "positive", None]
    assert batch.scores().tolist()[0] == pytest.approx(-0.75)
    assert len(service.asked) == 2


def test_no_personal_data_leaves_and_the_key_does(service, tmp_path, monkeypatch):
    monkeypatch.setenv("JOURNEY_VOICE_KEY", "secret")
    engine(service, tmp_path).score(["Напишите мне на anna@mail.example или +7 916 000-00-00, сайт не работает"])
    sent = json.dumps(service.asked, ensure_ascii=False)
    assert "anna@" not in sent
    assert "916" not in sent
    assert service.keys == ["Bearer secret"]


def test_no_text_is_asked_for_twice_and_no_text_is_kept(service, tmp_path):
    first = engine(service, tmp_path).score(["Сайт не работает", "Сайт не работает"])
    again = engine(service, tmp_path).score(["Сайт не работает"])
    assert len(service.asked) == 1
    assert np.array_equal(first.probabilities[:1], again.probabilities)
    assert "работает" not in (tmp_path / "answers.jsonl").read_text("utf-8")


def test_a_line_torn_by_a_crash_costs_one_answer_and_no_more(service, tmp_path):
    engine(service, tmp_path).score(["Сайт не работает", "Thanks, all good"])
    path = tmp_path / "answers.jsonl"
    path.write_text(path.read_text("utf-8")[:-20], encoding="utf-8")
    for _ in range(2):
        assert engine(service, tmp_path).score(["Сайт не работает", "Thanks, all good"]).labels() == [
            "negative",
            "positive",
        ]
    assert len(service.asked) == 3


def test_a_run_that_would_cost_too_much_sends_nothing(service, tmp_path):
    with pytest.raises(JourneyMiningError, match=r"cost_ceiling = 0\.01") as told:
        engine(service, tmp_path, price_in=1_000, cost_ceiling=0.01).score(["Сайт не работает"])
    assert told.value.code == "VOICE_COST"
    assert service.asked == []


def test_a_run_stops_where_the_bill_grows_beyond_the_estimate(service, tmp_path):
    service.tokens = 10_000_000
    with pytest.raises(JourneyMiningError, match=r"has cost 10\.00"):
        engine(service, tmp_path, parallel=1).score([f"Сайт не работает, {word}" for word in ("раз", "два", "три")])
    assert len(service.asked) == 1
    assert len((tmp_path / "answers.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_busy_service_is_asked_again_after_the_time_it_names(service, tmp_path):
    service.failures, waits = [429, 503], []
    assert engine(service, tmp_path, waits=waits).score(["Сайт не работает"]).labels() == ["negative"]
    assert waits == [7.0, 7.0]


@pytest.mark.parametrize("status", [401, 302])
def test_a_refusal_and_a_redirect_end_the_run(service, tmp_path, status):
    service.failures = [status]
    with pytest.raises(JourneyMiningError, match=f"status {status}") as told:
        engine(service, tmp_path).score(["Сайт не работает"])
    assert told.value.code == "VOICE_ENDPOINT"
    assert "работает" not in str(told.value)
    assert len(service.keys) == 1


def test_a_service_that_is_not_there_is_told(service, tmp_path):
    with pytest.raises(JourneyMiningError, match="cannot be reached"):
        engine(service, tmp_path, url="http://127.0.0.1:9/v1").score(["Сайт не работает"])


def test_an_answer_without_numbers_is_no_score_and_asked_for_again_by_the_next_run(service, tmp_path):
    service.answer = "I would rather not say"
    asking = engine(service, tmp_path)
    assert asking.score(["Сайт не работает"]).labels() == [None]
    assert asking.score(["Сайт не работает"]).labels() == [None]
    assert len(service.asked) == 1
    service.answer = ""
    assert engine(service, tmp_path).score(["Сайт не работает"]).labels() == ["negative"]


def test_a_kept_answer_without_numbers_is_none(service, tmp_path):
    asking = engine(service, tmp_path)
    asking.score(["Сайт не работает"])
    path = tmp_path / "answers.jsonl"
    key, *_ = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([key, [None, None, None]]) + "\n" + json.dumps([key, [float("nan")] * 3]), "utf-8")
    assert engine(service, tmp_path).score(["Сайт не работает"]).labels() == ["negative"]
    assert len(service.asked) == 2


def test_another_service_with_a_model_of_that_name_is_asked_anew(service, tmp_path):
    engine(service, tmp_path).score(["Сайт не работает"])
    elsewhere = engine(service, tmp_path, url=service.url.replace("127.0.0.1", "localhost"))
    elsewhere.score(["Сайт не работает"])
    assert len(service.asked) == 2


@pytest.mark.parametrize("answer", ["", "0 0 0", "1 2", "5", "10 20 30 40", "no"])
def test_only_three_numbers_are_an_answer(answer):
    assert np.isnan(shares_told(answer)).all()


@pytest.mark.parametrize("url", ["http://llm.example/v1", "ftp://localhost", "https://a.example/v1?key=1"])
def test_texts_leave_this_machine_over_https_only(url):
    with pytest.raises(ValidationError):
        EndpointSettings(url=url, model="m", price_in=0, price_out=0)


def test_the_endpoint_must_be_set_to_be_named(tmp_path):
    with pytest.raises(SettingsError, match=r"\[voice.endpoint\]"):
        engine_named("endpoint", root=tmp_path)
