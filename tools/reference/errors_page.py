"""docs/errors.md: what each code means, what leads to it and what helps, taken from the places that tell it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import groupby

from journey_mining.sources.workbench.advice import REASONS
from reference.raised import Code, Told

_HEAD = """\
# Errors and their codes

Every message of the product has a code and three parts: what happened and where, what was expected, what to do. This
page lists all of them; `{name}` stands for a value. `journey explain-error CODE` prints one section in the terminal.

A code in front of the last line (exit code 1) says why a run or a command stopped; the published site stays as it was.
Codes of delivered files stand in the table `file_ledger` and on the data page of the site; reasons of rows set aside in
`journey quarantine show`. A message without a code, with lines of Python, is a fault of the product: please report it.

<!-- written by `make reference` from the code; do not edit -->
"""
_WORDS = {
    "Problem": "A warning: the run goes on and ends with exit code 3.",
    "Notice": "A notice: the run goes on, and its exit code stays 0.",
    "Reason": "A reason why a row, or one value of it, was set aside; the other rows of the file are taken.",
    "JourneyMiningError": "The run or the command stops; what was published stays.",
}
"""what a kind means for the run; other kinds say it in the docstring of their class"""


def errors_page(code: Code) -> str:
    """The whole page."""
    reasons = {reason: Told(reason, "Reason") for reason in REASONS}
    told = sorted([*(one for one in code.told() if one.kind != "Reason"), *reasons.values()], key=lambda one: one.code)
    sections = (_section(code, name, list(group)) for name, group in groupby(told, key=lambda one: one.code))
    return _HEAD + "".join(sections)


def _section(code: Code, name: str, told: list[Told]) -> str:
    lines = [f"\n## {name}\n"]
    for kind in sorted({one.kind for one in told}):
        lines += ["", f"*{_meaning(code, kind)}*", ""]
        lines += _reason(name) if kind == "Reason" else _cases(one for one in told if one.kind == kind)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n") + "\n"


def _meaning(code: Code, kind: str) -> str:
    if kind in _WORDS:
        return _WORDS[kind]
    return (ast.get_docstring(code.classes[kind]) or "").splitlines()[0]


def _cases(told: Iterator[Told]) -> Iterator[str]:
    """A line for each case; what helps stands once below the cases that it helps in."""
    for todo, group in groupby(sorted(told, key=lambda one: one.todo), key=lambda one: one.todo):
        cases = list(group)
        for one in cases:
            expected = f" Expected: {one.expected}" if one.expected else ""
            helps = f" To do: {todo}" if todo and len(cases) == 1 else ""
            yield f"- {escaped(one.what + expected + helps)}"
        if todo and len(cases) > 1:
            yield from ("", f"To do: {escaped(todo)}", "")


def _reason(name: str) -> Iterator[str]:
    cause, _, cure = REASONS[name].partition(": ")
    words = {"column": "the column"}
    yield f"- {escaped(_sentence(cause.format(**words)))} To do: {escaped(cure.format(**words))}."


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def escaped(text: str) -> str:
    r"""Text in which Markdown sees neither a tag nor a star.

    >>> escaped("<log> selects *")
    '\\<log> selects \\*'
    """
    return text.replace("<", r"\<").replace("*", r"\*")
