"""The published state of the invented company, frozen once a shape."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from drawn_site import STAMP
from drawn_world import Shape, fill, invented_project
from journey_mining.handouts import Published
from journey_mining.maps import freeze_pictures
from journey_mining.warehouse import DuckDBWarehouse

FORMULA = '=HYPERLINK("http://x.example","</script><script>alert(1)</script>|`*_[a](b)#;:%%{}\n") ' + "x" * 300
SHAPES = {
    "usual": Shape(),
    "hostile": Shape(hostile=FORMULA),
    "small": Shape(sizes={"smb": 21, "corp": 4, "unknown": 6}),
    "web only": Shape(has_voice=False, has_ratings=False, has_tickets=False),
}
State = Callable[[str], Published]


@pytest.fixture(scope="session")
def state() -> State:
    done: dict[str, Published] = {}

    def freeze(name: str) -> Published:
        if name not in done:
            with DuckDBWarehouse() as warehouse:
                fill(warehouse, SHAPES[name])
                project = invented_project(SHAPES[name])
                done[name] = Published(project=project, pictures=freeze_pictures(warehouse, project), stamp=STAMP)
        return done[name]

    return freeze
