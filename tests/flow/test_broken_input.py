"""Broken exports: each gets a clear error or quarantine, the rest of the run goes on, exit code and site say so."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.project import load_project
from journey_mining.runs import read_runs
from journey_mining.sources import load_status, read_quarantine

pytestmark = pytest.mark.slow

EXIT_DONE = 0
EXIT_PROBLEMS = 3


def run_project(root: Path) -> int:
    return CliRunner().invoke(app, ["run", str(root)]).exit_code


def codes(root: Path) -> set[str]:
    return {problem.code for problem in read_runs(root)[-1].problems}


def truncate_gzip(inbox: Path) -> None:
    path = min((inbox / "metrica").glob("*.gz"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def wrong_encoding(inbox: Path) -> None:
    path = next((inbox / "bitrix24").glob("contacts*.csv"))
    path.write_bytes(path.read_text(encoding="cp1251").encode("utf-16-be"))


def another_export(inbox: Path) -> None:
    path = next((inbox / "bitrix24").glob("contacts*.csv"))
    path.write_text("Week,Orders\n1,2\n", encoding="utf-8")


def missing_column(inbox: Path) -> None:
    path = next((inbox / "bitrix24").glob("contacts*.csv"))
    text = path.read_text(encoding="cp1251")
    path.write_bytes(text.replace('"ID"', '"Number"', 1).encode("cp1251"))


def empty_file(inbox: Path) -> None:
    next((inbox / "zendesk").glob("users*.ndjson")).write_bytes(b"")


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (truncate_gzip, "TRUNCATED_FILE"),
        (wrong_encoding, "BAD_ENCODING"),
        (another_export, "HEADER_NOT_FOUND"),
        (missing_column, "MISSING_REQUIRED_COLUMN"),
        (empty_file, "EMPTY_FILE"),
    ],
)
def test_a_broken_file_is_rejected_and_the_rest_is_published(small_project: Path, break_it: object, code: str) -> None:
    break_it(small_project / "inbox")  # type: ignore[operator]
    assert run_project(small_project) == EXIT_PROBLEMS
    assert code in codes(small_project)
    assert (small_project / "site" / "ru" / "index.html").is_file()
    rejected = next(problem.where for problem in read_runs(small_project)[-1].problems)
    assert rejected in (small_project / "site" / "status.js").read_text(encoding="utf-8")
    assert rejected in (small_project / "site" / "ru" / "data.html").read_text(encoding="utf-8")


def test_a_bad_line_goes_to_quarantine_with_its_number(small_project: Path) -> None:
    tickets = next((small_project / "inbox" / "zendesk").glob("tickets*.ndjson.gz"))
    lines = gzip.decompress(tickets.read_bytes())
    before = len(lines.splitlines())
    tickets.write_bytes(gzip.compress(lines + b'{"id": 1, "subject": "cut in hal\n'))
    run_project(small_project)
    rows = [row for row in read_quarantine(load_project(small_project), limit=50) if row.reason == "MALFORMED_JSON"]
    assert (rows[-1].path, rows[-1].line) == (f"zendesk/{tickets.name}", before + 1)


def test_a_mended_file_is_taken_the_next_night(small_project: Path) -> None:
    path = min((small_project / "inbox" / "metrica").glob("*.gz"))
    whole = path.read_bytes()
    truncate_gzip(small_project / "inbox")
    run_project(small_project)
    path.write_bytes(whole)
    assert run_project(small_project) == EXIT_DONE
    assert [s.files_rejected for s in load_status(load_project(small_project)) if s.source == "metrica"] == [0]


def test_the_same_content_under_another_name_changes_nothing(small_project: Path) -> None:
    run_project(small_project)
    hits = min((small_project / "inbox" / "metrica").glob("*.gz"))
    again = gzip.compress(gzip.decompress(hits.read_bytes()), compresslevel=1)
    hits.with_name("hits_again.tsv.gz").write_bytes(again)
    run_project(small_project)
    assert read_runs(small_project)[-1].status == "unchanged"
