"""Links of the documentation lead somewhere, every page can be reached, both READMEs show the same commands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("examples/*/README.md"), *ROOT.glob("data/*/*.md")])
LINK = re.compile(r"\]\((?!https?://|(?:en|ru)/)([^)\s]+)\)")
"""links into the site of a project, such as en/index.html, are followed by the tests of the sample"""
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Ids of headings, as the builder of the site and code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield f"{page.relative_to(ROOT)}: {link}"


def pages_in(nav: Any) -> Iterator[str]:
    for entry in nav if isinstance(nav, list) else nav.values():
        if isinstance(entry, str):
            yield entry
        else:
            yield from pages_in(entry)


def commands(page: Path) -> list[str]:
    """Lines of the blocks of commands, without what stands behind #."""
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [line.split("#")[0].rstrip() for block in blocks for line in block.splitlines() if line.strip()]


def typed_words(page: Path) -> list[str]:
    """Everything in the text that looks like a command or an import."""
    return re.findall(r"`((?:journey|make|python|journey_mining)[ .][^`]+)`", page.read_text(encoding="utf-8"))


def test_every_link_leads_to_a_page_and_a_heading_that_are_there() -> None:
    assert [link for page in PAGES for link in dead_links(page)] == []


def test_every_page_of_the_documentation_can_be_reached() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]
    reached = set(pages_in(nav))
    there = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert (reached - there, {name for name in there - reached if not name.startswith("adr/0")}) == (set(), set())


def test_both_readmes_show_the_same_commands() -> None:
    english, russian = ROOT / "README.md", ROOT / "README.ru.md"
    assert commands(english) == commands(russian)
    assert len(commands(english)) >= 6
    assert typed_words(english) == typed_words(russian)


def test_both_readmes_have_the_same_parts() -> None:
    parts = [
        re.findall(r"^(#+) ", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        for name in ("README.md", "README.ru.md")
    ]
    assert parts[0] == parts[1]
