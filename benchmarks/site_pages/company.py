"""The tables of an invented company with so many segments, as the tests of pages draw it.

python benchmarks/site_pages/company.py 40 build/bench/company_40.duckdb
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))


def shape(segments: int) -> Any:
    """How large the company is."""
    from drawn_world import Shape

    return Shape(segments=segments, nights=1)


def write_company(path: Path, segments: int) -> None:
    """Write every table that pages read."""
    from drawn_world import fill
    from journey_mining.warehouse import DuckDBWarehouse

    with DuckDBWarehouse(path) as warehouse:
        fill(warehouse, shape(segments))


if __name__ == "__main__":
    write_company(Path(sys.argv[2]), int(sys.argv[1]))
