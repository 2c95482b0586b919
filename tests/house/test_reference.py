"""Pages of the reference say what the code does, and the terminal says the same as the page of errors."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.error_page import explanation, sections
from journey_mining.errors import NotFoundError
from journey_mining.sources.workbench.advice import REASONS

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "tools") not in sys.path:
    sys.path.insert(0, str(ROOT / "tools"))

from reference import errors_page  # noqa: E402 - tools are no package of the product
from reference.__main__ import PAGES, stale_pages  # noqa: E402
from reference.cli_page import command_names  # noqa: E402
from reference.raised import Code  # noqa: E402

SOURCES = sorted((ROOT / "src").rglob("*.py"))
WRITTEN_CODE = re.compile(r"""(?:code=|reason=|CellError\(|rejected\(delivered, )"([A-Z][A-Z_]+)\"""")


def test_pages_of_the_reference_are_current() -> None:
    assert stale_pages() == [], "run `make reference`"


def test_every_code_that_is_written_in_the_code_is_explained() -> None:
    written = {code for path in SOURCES for code in WRITTEN_CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(written) > 50
    assert written - set(sections()) == set()


@cache
def code() -> Code:
    return Code(ROOT / "src" / "journey_mining")


def test_every_reason_of_a_row_has_its_advice_and_every_advice_its_reason() -> None:
    told = {one.code for one in code().told() if one.kind == "Reason"}
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "advice.py")
    assert told - set(REASONS) == set()
    assert [reason for reason in REASONS if f'"{reason}"' not in text] == []


def test_every_error_says_what_was_expected_and_what_to_do() -> None:
    told = code().told()
    lacking = [one for one in told if one.kind.endswith("Error") and not (one.what and one.expected and one.todo)]
    assert lacking == []


def test_every_key_that_people_write_has_a_meaning() -> None:
    pages = {name: PAGES[name]() for name in ("settings.md", "spec.md")}
    assert {name: re.findall(r"^\| (`\w+`).*\|  \|$", page, re.MULTILINE) for name, page in pages.items()} == {
        "settings.md": [],
        "spec.md": [],
    }


def test_a_code_is_found_however_it_is_typed() -> None:
    assert explanation("empty_file:") == explanation("EMPTY_FILE")
    assert "the check" in explanation("CHECK_dates")


def test_an_unknown_code_is_met_with_the_nearest_one() -> None:
    with pytest.raises(NotFoundError, match="Did you mean 'EMPTY_FILE'"):
        explanation("EMTY_FILE")


def test_the_terminal_says_what_the_page_says() -> None:
    said = CliRunner().invoke(app, ["explain-error", "PROJECT_LOCKED"]).output
    assert "Another run holds the project" in said
    assert "Wait until it ends" in said


def test_words_of_an_error_are_followed_through_functions_and_variables(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text('class E(Exception):\n    "Kind."\n    code = "E_CODE"\n', encoding="utf-8")
    (tmp_path / "a.py").write_text(
        "LIMIT = 3\n"
        "def made(name, what, *, todo='Try again.'):\n"
        "    return E(f'{name} {what}.', expected=f'at most {LIMIT}.', todo=todo)\n"
        "def caller(delivered):\n"
        "    what = 'is empty'\n"
        "    raise made(delivered.full_name, what)\n",
        encoding="utf-8",
    )
    [told] = Code(tmp_path).told()
    assert (told.code, told.what, told.expected, told.todo) == (
        "E_CODE",
        "{name} is empty.",
        "at most 3.",
        "Try again.",
    )


def test_every_command_stands_on_the_page_of_commands() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [name for name in command_names() if f"## journey {name}\n" not in page] == []


def test_signs_of_markdown_in_a_message_stay_signs() -> None:
    assert errors_page.escaped("<log> *") == r"\<log> \*"
