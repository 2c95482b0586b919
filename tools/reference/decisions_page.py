"""docs/adr/index.md: the list of decisions, from their own headings."""

from __future__ import annotations

import re
from pathlib import Path

_HEAD = """\
# Decisions

Why things are as they are: one page a decision, with what spoke for and against it. A missing number was never given.

<!-- written by `make reference` from the pages; do not edit -->

| no. | decision | status |
|---|---|---|
"""


def decisions_page(folder: Path) -> str:
    """The whole page; pages are named by number."""
    return _HEAD + "".join(_row(path) for path in sorted(folder.glob("0*.md")))


def _row(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    number, title = re.search(r"^# 0*(\d+)[.:]? (.+)$", text, re.MULTILINE).groups()  # type: ignore[union-attr]
    status = re.search(r"^Status: (.+?)\.?$", text, re.MULTILINE)
    return f"| {number} | [{title}]({path.name}) | {status[1] if status else ''} |\n"
