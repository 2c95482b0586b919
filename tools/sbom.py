"""Write a bill of materials (CycloneDX 1.6, JSON) of all that requirements.lock pins: `python tools/sbom.py FILE`.

Names, versions and hashes are those of the lock; licences are those that the installed packages themselves declare. The
same lock and the same environment give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Pinned:
    """One line of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]
    """sha256 of every file that may be installed"""


def pinned(text: str) -> list[Pinned]:
    """Packages of a lock, in its order.

    >>> pinned("a==1.0 --hash=sha256:" + "0" * 64)[0].version
    '1.0'
    """
    found = list(_PIN.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    return [
        Pinned(match["name"], match["version"], tuple(_HASH.findall(text[match.end() : end])))
        for match, end in zip(found, ends, strict=True)
    ]


def licence(name: str) -> str:
    """What the installed package declares: an SPDX expression, its classifiers, or its words; '' = not installed.

    Packages that declare nothing but a whole text give its first line.
    """
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classifiers = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or [] if one.startswith(_CLASSIFIER)]
    told = [one for one in classifiers if one != "OSI Approved"]
    return said.get("License-Expression") or " AND ".join(told) or (said.get("License") or "").split("\n")[0].strip()


def bill(text: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "journey-mining", "bom-ref": "journey-mining"}},
        "components": list(_components(text)),
    }


def _components(text: str) -> Iterator[dict[str, Any]]:
    for one in pinned(text):
        purl = f"pkg:pypi/{one.name.lower()}@{one.version}"
        said = licence(one.name)
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": one.name,
            "version": one.version,
            "purl": purl,
            **({"licenses": [{"license": {"name": said}}]} if said else {}),
            "properties": [{"name": "journey-mining:sha256", "value": value} for value in sorted(one.hashes)],
        }


def main() -> int:
    """Write the file that is named, or build/sbom.cdx.json."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "sbom.cdx.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    made = bill(LOCK.read_text(encoding="utf-8"))
    out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {len(made['components'])} components into {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
