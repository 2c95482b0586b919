from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from journey_mining.dashboards import RunStatus, write_status

WHEN = datetime(2026, 9, 28, 0, 40)  # noqa: DTZ001


def _content(path: Path) -> dict[str, object]:
    return dict(json.loads(path.read_text(encoding="utf-8").removeprefix("window.JOURNEY_STATUS = ").rstrip(";\n")))


def test_a_failed_run_says_since_when_the_data_are(tmp_path: Path) -> None:
    status = RunStatus(outcome="failed", run_at=WHEN, shown_until=WHEN, reason="CHECK_FAILED")
    banners = _content(write_status(tmp_path, status))["banners"]
    assert banners["ru"][0]["text"].startswith("Последний запуск не\u00a0удался (28.09.2026, 03:40\u00a0МСК)")
    assert "CHECK_FAILED" in banners["en"][0]["text"]


def test_rejected_files_are_named_up_to_three(tmp_path: Path) -> None:
    status = RunStatus(outcome="ok", run_at=WHEN, rejected=("a", "b", "c", "d", "e"))
    banners = _content(write_status(tmp_path, status))["banners"]
    assert banners["en"][0]["text"].endswith("a, b, c, and 2 more.")


def test_a_clean_run_shows_no_banner(tmp_path: Path) -> None:
    content = _content(write_status(tmp_path, RunStatus(outcome="ok", run_at=WHEN)))
    assert content["banners"] == {"ru": [], "en": []}


def test_the_status_is_replaced_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write_status(tmp_path, RunStatus(outcome="failed", run_at=WHEN))
    write_status(tmp_path, RunStatus(outcome="ok", run_at=WHEN))
    assert [path.name for path in tmp_path.iterdir()] == ["status.js"]
