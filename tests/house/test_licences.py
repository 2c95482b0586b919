"""What is installed with the product may be passed on, but for what NOTICE names; the bill of materials is complete."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "tools") not in sys.path:
    sys.path.insert(0, str(ROOT / "tools"))

import sbom  # noqa: E402 - tools are no package of the product

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Zlib|CC0|Unlicense|HPND|MPL-2\.0|Mozilla Public License 2",
)
"""MPL-2.0 binds only changed files of its own package, and none is changed here"""
COPYLEFT = {"pm4py": "AGPL-3.0-or-later", "cvxopt": "GPL-3.0"}
"""the two of which NOTICE speaks; cvxopt comes with pm4py and declares its licence in words of its own"""


def installed_with(requirements: list[str], seen: set[str]) -> Iterator[str]:
    """Names of everything that comes with them on this system."""
    for requirement in map(Requirement, requirements):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        yield name
        yield from installed_with(metadata.requires(name) or [], seen)


def runtime() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(installed_with(project["dependencies"], set()))


def test_every_package_that_comes_along_may_be_passed_on_but_for_two() -> None:
    said = {name: sbom.licence(name) for name in runtime()}
    assert len(said) > 30
    strict = {name for name, text in said.items() if not all(map(PERMISSIVE.search, re.split(r" AND | OR ", text)))}
    assert strict == set(COPYLEFT), {name: said[name] for name in strict}


def test_what_may_not_simply_be_passed_on_is_named_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert [name for name in COPYLEFT if name not in notice] == []


def test_the_bill_of_materials_holds_every_line_of_the_lock() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    made = sbom.bill(text)
    listed = [f"{one['name']}=={one['version']}" for one in made["components"]]
    assert listed == re.findall(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", text, re.MULTILINE)
    assert all(one["properties"] for one in made["components"])
    assert set(runtime()) <= {re.sub(r"[-_.]+", "-", one["name"]).lower() for one in made["components"]}


def test_the_bill_of_materials_is_the_same_each_time() -> None:
    text = "a==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    assert sbom.bill(text) == sbom.bill(text)
    [one] = sbom.bill(text)["components"]
    assert (one["purl"], one["properties"][0]["value"]) == ("pkg:pypi/a@1.0", "0" * 64)
