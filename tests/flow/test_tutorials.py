"""Tutorials are followed as they stand: their files are written, their commands typed, their outputs compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "docs" / "adding-a-source-walkthrough.md",
    ROOT / "docs" / "tutorials" / "operator.md",
    ROOT / "docs" / "tutorials" / "analyst.md",
]
BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<rest>[^\n]+))?\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command and what the page says that it prints."""

    line: str
    shown: tuple[str, ...]
    exit_code: int


def commands_of(body: str, exit_code: int) -> Iterator[Command]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, *shown = part.rstrip("\n").split("\n")
        yield Command(line=line, shown=tuple(shown), exit_code=exit_code)


def written(place: Path, target: str, body: str) -> None:
    is_more = target.startswith(">> ")
    path = place / target.removeprefix(">> ")
    before = path.read_text(encoding="utf-8") if is_more else ""
    path.write_text(before + body, encoding="utf-8")


def missing(command: Command, output: str) -> list[str]:
    """Shown lines that were not printed; … stands for anything."""
    patterns = {line: ".*".join(map(re.escape, line.split("…"))) for line in command.shown}
    return [line for line, pattern in patterns.items() if not re.search(f"^{pattern}$", output, re.MULTILINE)]


def typed(command: Command, place: Path) -> subprocess.CompletedProcess[str]:
    # the page is read by people with the command on their path
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", command.line],  # noqa: S607
        cwd=place,
        env={**os.environ, "PATH": path, "JOURNEY_KEY": "7" * 64, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def differences(page: Path, place: Path) -> Iterator[tuple[str, int, list[str], str]]:
    """Every command whose exit code or output is not as shown."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["language"] == "sh":  # what depends on the machine of the reader: how to install, a line of cron
            continue
        if block["language"] != "console":
            written(place, block["rest"], block["body"])
            continue
        for command in commands_of(block["body"], int(block["rest"] or 0)):
            done = typed(command, place)
            lost = missing(command, re.sub(r" +$", "", done.stdout, flags=re.MULTILINE))
            if lost or done.returncode != command.exit_code:
                yield command.line, done.returncode, lost, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    assert list(differences(page, tmp_path)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_shows_a_way_to_the_map(page: Path) -> None:
    shown = [block["body"] for block in BLOCK.finditer(page.read_text(encoding="utf-8"))]
    assert sum(body.count("$ journey") for body in shown) >= 4
