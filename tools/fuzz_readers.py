"""Feed damaged exports to the loader for as long as asked, and say what it could not bear.

Every round takes a fixture of the catalogue, damages its bytes in a way drawn from a seed, and loads it into a project
of its own. It is a finding when

- anything but our own errors is raised, or a file is rejected for a reason that nobody foresaw (`UNREADABLE_FILE`);
- a load takes longer than the limit;
- rows do not add up: read = accepted + quarantined + collapsed for a loaded file;
- fewer rows were read of a loaded file of lines (ndjson, regex) than it has lines that were not damaged;
- loading the same file again changes anything.

    python tools/fuzz_readers.py --minutes 60 --seed 1 --out build/fuzz.jsonl
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType

from journey_mining.project import load_project
from journey_mining.project.folder import init_project
from journey_mining.sources import catalog_dir, load_files, load_sources
from journey_mining.warehouse import DuckDBWarehouse

NOW = datetime(2027, 6, 1)  # noqa: DTZ001 - UTC
LIMIT_SECONDS = 30
_PIECES = (
    b"\x00", b'"', b"'", b";", b",", b"\t", b"\n", b"\r\n", b"\r", b"{", b"}", b"[", b"]", b"\\", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\\ud83d", "é".encode(), "Ё".encode("cp1251"), b"1e999", b"-0", b"9" * 40, b"null",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>&b;", b"<td>", b"</table>", b"=1+1", b"From x\n", b"9999-99-99", b"\x1e\x1d\x1e",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One damaged file."""

    seed: int
    source: str
    name: str
    content: bytes
    damage: str
    sound_lines: int
    """lines, not blank, that stand in the damaged file as they stood in the fixture"""


def damaged(seed: int, fixtures: list[tuple[str, Path]]) -> Case:
    """A fixture, and damage that the seed decides."""
    rng = random.Random(seed)  # noqa: S311 - damage is no secret
    source, path = rng.choice(fixtures)
    content, said = path.read_bytes(), []
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        kind = rng.choice(_KINDS)
        content = kind(rng, content)
        said.append(kind.__name__.strip("_"))
    before = set(path.read_bytes().split(b"\n"))
    sound = sum(line in before and bool(line.strip()) for line in content.split(b"\n"))
    name = path.relative_to(catalog_dir() / source / "fixtures").as_posix()
    return Case(seed=seed, source=source, name=name, content=content, damage="+".join(said), sound_lines=sound)


def _flip(rng: random.Random, content: bytes) -> bytes:
    if not content:
        return content
    place = rng.randrange(len(content))
    return content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]


def _cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _drop(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.randrange(1, 200) :]


def _insert(rng: random.Random, content: bytes) -> bytes:
    place = rng.randrange(len(content) + 1)
    return content[:place] + rng.choice(_PIECES) * rng.choice((1, 1, 1, 50, 5_000)) + content[place:]


def _repeat(rng: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    start = rng.randrange(len(lines))
    return b"".join(lines[:start] + lines[start : start + 5] * rng.choice((2, 3, 50)) + lines[start:])


def _shuffle(rng: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _reencode(rng: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "cp1251", "koi8-r", "utf-8-sig", "utf-32")), "replace")


def _noise(rng: random.Random, content: bytes) -> bytes:
    del content
    return rng.randbytes(rng.choice((0, 1, 10, 1_000, 50_000)))


_KINDS = (_flip, _flip, _flip, _cut, _drop, _insert, _insert, _insert, _repeat, _shuffle, _reencode, _noise)


def findings(case: Case, root: Path) -> list[str]:
    """What the loader could not bear of one damaged file; empty where all is well."""
    project = load_project(root)
    shutil.rmtree(project.inbox, ignore_errors=True)
    place = project.inbox / case.source / case.name
    place.parent.mkdir(parents=True)
    place.write_bytes(case.content)
    project.raw_file.unlink(missing_ok=True)
    try:
        first = load_files(project, now=NOW)
        again = load_files(project, now=NOW)
    except Exception as fault:  # noqa: BLE001 - that is what is looked for
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return [f"raised {type(fault).__name__} at {Path(where.filename).name}:{where.lineno}: {str(fault)[:200]}"]
    found = [f"{p.code}: {p.text[:200]}" for p in first.report.problems if p.code == "UNREADABLE_FILE"]
    if again.is_changed or again.loaded:
        found.append("loading it again changed something")
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        bad = warehouse.execute(
            "select stream, rows_read, rows_accepted, rows_quarantined, rows_collapsed from file_ledger "
            "where status = 'loaded' and rows_read <> rows_accepted + rows_quarantined + rows_collapsed"
        )
        found += [f"rows of {row} do not add up" for row in bad]
        if place.suffix in (".ndjson", ".jsonl", ".log"):
            whole = [
                stream.id for source in load_sources(project.sources) for stream in source.streams if not stream.also
            ]
            loaded = warehouse.execute(
                "select stream, rows_read from file_ledger where status = 'loaded' and rows_read < ? order by 1",
                [case.sound_lines],
            )
            loaded = [row for row in loaded if row[0] in whole]
            found += [f"{case.sound_lines} sound lines, but {row}" for row in loaded]
    return found


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"more than {LIMIT_SECONDS} s")


def main() -> int:
    """Run for the time asked; exit code 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/fuzz.jsonl"))
    asked = parser.parse_args()
    faulthandler.enable()
    signal.signal(signal.SIGALRM, _too_long)
    catalog = catalog_dir()
    names = tuple(sorted(path.parent.name for path in catalog.glob("*/spec.toml")))
    fixtures = [
        (name, path) for name in names for path in sorted((catalog / name / "fixtures").rglob("*")) if path.is_file()
    ]
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    ends = time.monotonic() + asked.minutes * 60
    with tempfile.TemporaryDirectory() as folder, asked.out.open("a", encoding="utf-8") as out:
        roots = {}
        for name in names:
            roots[name] = Path(folder) / name
            init_project(roots[name], template="retail", sources=(name,), catalog=catalog, inbox="inbox", demo=True)
        seed = asked.seed * 10_000_000
        while time.monotonic() < ends:
            seed += 1
            case = damaged(seed, fixtures)
            signal.alarm(LIMIT_SECONDS)
            found = findings(case, roots[case.source])
            signal.alarm(0)
            counts["rounds"] += 1
            counts["with findings"] += bool(found)
            if found:
                row = {"seed": seed, "source": case.source, "file": case.name, "damage": case.damage, "found": found}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                out.flush()
    sources = len(load_sources(catalog))
    print(f"{counts['rounds']} damaged files of {sources} sources, {counts['with findings']} with findings.")
    return int(counts["with findings"] > 0)


if __name__ == "__main__":
    sys.exit(main())
