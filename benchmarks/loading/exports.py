"""A made-up export of any size: visits of a shop as CSV or as one JSON object a line; the same seed, the same bytes.

python benchmarks/loading/exports.py csv 1000 /tmp/visits.csv
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

SEED = 20_260_401
HEADINGS = ("visit_id", "started_at", "visitor", "page", "referrer", "amount", "pages", "email")
_START = datetime(2026, 4, 1, tzinfo=UTC)
_PAGES = [f"https://shop.example/{kind}/{name}" for kind in ("catalogue", "product", "help") for name in range(400)]
_REFERRERS = ["", "", "https://search.example/?q=tables", "https://mail.example/letter", "https://partner.example/"]
_BLOCK = 10_000


def rows(seed: int = SEED) -> Iterator[tuple[str, ...]]:
    """Rows without end: every visit has an id, seconds apart; one in seven names an address, one in eleven pays."""
    chance = random.Random(seed)  # noqa: S311 - made-up data
    moment, number = _START, 0
    while True:
        number += 1
        moment += timedelta(seconds=chance.randrange(2))
        person = chance.randrange(400_000)
        yield (
            str(14_389_127_361_800_000_000 + number),
            moment.strftime("%Y-%m-%d %H:%M:%S"),
            f"{person * 2_654_435_761 % 2**32:08x}",
            chance.choice(_PAGES),
            chance.choice(_REFERRERS),
            f"{chance.randrange(1_000_000) / 100:.2f}" if chance.randrange(11) == 0 else "",
            str(chance.randrange(1, 30)),
            f"person{person}@mail.example" if chance.randrange(7) == 0 else "",
        )


def write_export(path: Path, kind: str, megabytes: float, *, seed: int = SEED) -> int:
    """Write about so many megabytes; how many rows."""
    wanted, written, count = int(megabytes * 1e6), 0, 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(HEADINGS) + "\n" if kind == "csv" else "")
        block: list[str] = []
        for row in rows(seed):
            block.append(",".join(row) if kind == "csv" else _object(row))
            count += 1
            if len(block) == _BLOCK or written + len(block) * len(block[0]) >= wanted:
                text = "\n".join(block) + "\n"
                file.write(text)
                written += len(text)
                block = []
            if written >= wanted:
                return count
    return count


def write_delivery(folder: Path, megabytes: float) -> int:
    """An export as `base.csv`, and `batch.csv`: 1 % as many rows, half of them known and later by now, half new."""
    folder.mkdir(parents=True, exist_ok=True)
    count = write_export(folder / "base.csv", "csv", megabytes)
    half = max(count // 200, 1)
    batch = list(islice(rows(), count - half, count + half))
    later = batch[-1][1]
    lines = [",".join((row[0], later, *row[2:]) if number < half else row) for number, row in enumerate(batch)]
    (folder / "batch.csv").write_text("\n".join([",".join(HEADINGS), *lines, ""]), encoding="utf-8")
    return count


def _object(row: tuple[str, ...]) -> str:
    values: dict[str, object] = dict(zip(HEADINGS, row, strict=True))
    values["pages"] = int(row[6])
    return json.dumps({name: value for name, value in values.items() if value != ""})


if __name__ == "__main__":
    print(write_export(Path(sys.argv[3]), sys.argv[1], float(sys.argv[2])), "rows")
