"""Which rules made the numbers of a run: nights compare only under the same ones.

Rules are the files that decide what a number is, and the code that computes it. Where the cutoff stands, what pages
look like and what people declare are no rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from journey_mining.project import Project
from journey_mining.version import __version__
from journey_mining.voice import voice_marks
from journey_mining.warehouse.models import sql_root

_FILES = ("stages", "segments", "overrides")
_PACKAGES = ("sources", "privacy", "identity", "journeys", "mining", "voice", "scoring")
_SUFFIXES = frozenset({".py", ".sql", ".toml", ".npz"})
_NO_RULES = {"as_of", "observed_from"}
"""settings of journeys that say where one stands in time"""


def rule_parts(project: Project) -> dict[str, str]:
    """A hash of each part of the rules: stages, segments, overrides, settings, sources and code."""
    settings = project.settings
    chosen = {
        "journeys": settings.journeys.model_dump(mode="json", exclude=_NO_RULES),
        "scores": settings.scores.model_dump(mode="json"),
        "currency": settings.project.currency,
        "voice": [settings.voice.engine, settings.voice.unsure_below, *voice_marks(project)],
    }
    parts = {name: _hash_files([project.root / f"{name}.toml"], project.root) for name in _FILES}
    parts["settings"] = _hash([json.dumps(chosen, sort_keys=True).encode()])
    parts["sources"] = _hash_files(_below(project.sources), project.sources)
    parts["code"] = _code_hash()
    return parts


def rules_hash(parts: Mapping[str, str]) -> str:
    """One hash of all parts, 16 hexadecimal digits."""
    return _hash(f"{name}={parts[name]}".encode() for name in sorted(parts))


def _code_hash() -> str:
    package = Path(__file__).resolve().parents[1]
    code = [_hash_files(_below(package / name), package) for name in _PACKAGES]
    return _hash(
        [__version__.encode(), *(part.encode() for part in code), _hash_files(_below(sql_root()), sql_root()).encode()]
    )


def _below(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in _SUFFIXES and "fixtures" not in path.parts)
    return sorted(found)


def _hash_files(paths: Iterable[Path], root: Path) -> str:
    return _hash(
        path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() for path in paths if path.is_file()
    )


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]
