"""Draw the whole site of a finished warehouse in a process of its own; prints what was drawn.

    python benchmarks/site_pages/contenders.py ours build/bench/company_40.duckdb

Found are a hash of all files, which must be the same each time, and their numbers.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from company import shape

RUN_AT = datetime(2026, 9, 28, 0, 40)  # noqa: DTZ001 - UTC


def ours(file: Path) -> dict[str, Any]:
    """Freeze the pictures, draw every page and CSV; what each part cost."""
    from drawn_world import invented_project
    from journey_mining.dashboards import Stamp, draw_site
    from journey_mining.maps import freeze_pictures
    from journey_mining.warehouse import DuckDBWarehouse

    project = invented_project(shape(int(file.stem.rpartition("_")[2])))
    stamp = Stamp(run_at=RUN_AT, version="0.1.0", run_id="run-1", duration_seconds=63.0)
    start = time.process_time()
    with DuckDBWarehouse(file, read_only=True) as warehouse:
        pictures = freeze_pictures(warehouse, project)
    frozen = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        files = draw_site(pictures, project, stamp=stamp, out=Path(folder))
        drawn = time.process_time()
        digest = hashlib.sha256()
        for path in files:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    used = resource.getrusage(resource.RUSAGE_SELF)
    parts = {"start": start, "freeze the pictures": frozen - start, "draw pages and CSV": drawn - frozen}
    return {
        "costs": {
            "cpu_seconds": round(drawn, 3),
            "peak_mb": round(used.ru_maxrss / 1024, 1),
            "parts": {name: round(value, 3) for name, value in parts.items()},
        },
        "bytes": digest.hexdigest(),
        "pages": sum(path.suffix == ".html" for path in files),
        "files": len(files),
    }


CONTENDERS = {"ours": ours}

if __name__ == "__main__":
    print(json.dumps(CONTENDERS[sys.argv[1]](Path(sys.argv[2]))))
