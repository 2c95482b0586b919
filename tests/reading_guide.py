"""The reading guide as a reader follows it: links of the page by name, and bold words that stand on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_STEP = re.compile(r"(?ms)^\d+\. (.*?)(?=^\d+\. |\Z)")
_SIGN = re.compile(r"\[([^\]]+)\]\(([^)]+)\)|\*\*([^*]+)\*\*")


@dataclass
class Walk:
    """One question with its steps."""

    question: str
    steps: list[str] = field(default_factory=list)


def walks_of(guide: Path) -> list[Walk]:
    """The questions of a guide, each with the text of its numbered steps."""
    _, *parts = re.split(r"(?m)^## ", guide.read_text(encoding="utf-8"))
    found = []
    for part in parts:
        question, _, body = part.partition("\n")
        found.append(Walk(question, [" ".join(step.split()) for step in _STEP.findall(body)]))
    return found


def follow(tab: Any, site: Path, walk: Walk) -> list[str]:
    """Do what the steps say in the order they say it; what is not as they say."""
    wrong: list[str] = []
    is_open = False
    for step in walk.steps:
        for name, target, bold in _SIGN.findall(step):
            if not target:
                if plain(bold) not in shown(tab):
                    wrong.append(f"{walk.question}: {bold!r} does not stand on {tab.url}")
                continue
            wanted = f"{(site / target.split('#')[0]).as_uri()}{''.join(re.findall('#.*', target))}"
            if not is_open:
                tab.goto(wanted)
                is_open = True
                continue
            if not pressed(tab, name, wanted):
                wrong.append(f"{walk.question}: no link {name!r} to {target} on {tab.url}")
                tab.goto(wanted)
    return wrong


def pressed(tab: Any, name: str, wanted: str) -> bool:
    """Click the link of that name which leads to the wanted place, if there is one."""
    for link in tab.get_by_role("link", name=name, exact=True).all():
        if link.evaluate("link => link.href").split("?")[0] == wanted:
            link.click()
            # A click returns when the next page begins to arrive: words far down are not there yet.
            tab.wait_for_url(lambda url: url == wanted, wait_until="load")
            return True
    return False


def shown(tab: Any) -> str:
    """What stands on the page, with plain spaces."""
    return plain(tab.inner_text("main"))


def plain(text: str) -> str:
    """Text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text)
