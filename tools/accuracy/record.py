"""What was measured: one finding a row, kept as JSON so that a long measurement can stop and go on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

OURS = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One number of one world, beside the truth."""

    claim: str
    """S1 .. S13, or what else is claimed"""
    measure: str
    """what was compared, in words; the same in every world"""
    planted: float | None
    """the truth"""
    found: float | None
    """what the line published"""
    tolerance: str
    """what counts as recovered, in words"""
    hit: bool | None
    """whether it was recovered; none where it was not measured or only shown"""
    n: int = 0
    """customers, or what else the note says"""
    method: str = OURS
    """or the name of the naive method that is shown beside"""
    note: str = ""


def not_measured(claim: str, measure: str, why: str) -> Finding:
    """A claim that this version of the product cannot be held to yet."""
    return Finding(claim=claim, measure=measure, planted=None, found=None, tolerance="", hit=None, note=why)


@dataclass(frozen=True, slots=True)
class World:
    """Which world a row belongs to."""

    scenario: str
    seed: int
    customers: int

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes a measurement the same."""
        return (self.scenario, self.seed, self.customers)


def read(path: Path) -> list[dict[str, Any]]:
    """All rows so far; none where nothing was measured yet."""
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return rows


def code_hash(root: Path) -> str:
    """What the numbers were made with: twelve digits over the package and its SQL."""
    whole = hashlib.sha256()
    for folder, pattern in (("src", "*.py"), ("src", "*.toml"), ("sql", "*.sql")):
        for path in sorted((root / folder).rglob(pattern)):
            whole.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def measured(rows: list[dict[str, Any]], code: str) -> set[tuple[str, int, int]]:
    """Worlds that need not be measured again; one whose run failed is, and one measured with other code."""
    failed = {_key(row) for row in rows if row["claim"] == "run" and not row["hit"]}
    return {_key(row) for row in rows if row["code"] == code} - failed


def merged(rows: list[dict[str, Any]], world: World, findings: list[Finding], code: str) -> list[dict[str, Any]]:
    """The rows with those of `world` replaced, in total order."""
    others = [row for row in rows if _key(row) != world.key]
    new = [asdict(world) | {"code": code} | asdict(finding) for finding in findings]
    return sorted(others + [_rounded(row) for row in new], key=_order)


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Replace the file; one row a line, so that versions compare."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    aside = path.with_suffix(".tmp")
    aside.write_text(f'{{"rows": [\n{lines}\n]}}\n', encoding="utf-8")
    aside.replace(path)


def _key(row: dict[str, Any]) -> tuple[str, int, int]:
    return (row["scenario"], row["seed"], row["customers"])


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    claim = row["claim"]
    number = int(claim[1:]) if claim[1:].isdigit() else 99
    return (number, claim, row["scenario"], row["customers"], row["seed"], row["measure"], row["method"])


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 5) if isinstance(value, float) else value for name, value in row.items()}
