"""Helpers of the site tests: shapes of the invented company and how to draw them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from drawn_world import Shape, fill, invented_project
from journey_mining.dashboards import Stamp, draw_site
from journey_mining.maps import freeze_pictures
from journey_mining.warehouse import DuckDBWarehouse

STAMP = Stamp(run_at=datetime(2026, 9, 28, 0, 40), version="0.1.0", run_id="run-1", duration_seconds=63.0)  # noqa: DTZ001
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&{{7*7}} \u202eأبجد " + "x" * 250
SHAPES = {
    "usual": Shape(),
    "hostile": Shape(hostile=HOSTILE),
    "small": Shape(sizes={"smb": 21, "corp": 4, "unknown": 6}),
    "two stages": Shape(stages=2, segments=1, nights=1),
    "twelve stages": Shape(stages=12, segments=8),
    "forty segments": Shape(segments=40, nights=1),
    "web only": Shape(has_voice=False, has_ratings=False, has_tickets=False),
    "rated": Shape(has_voice=False),
}


def drawn(shape: Shape, out: Path, stamp: Stamp = STAMP) -> Path:
    with DuckDBWarehouse() as warehouse:
        fill(warehouse, shape)
        project = invented_project(shape)
        draw_site(freeze_pictures(warehouse, project), project, stamp=stamp, out=out)
    return out
