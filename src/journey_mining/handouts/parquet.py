"""Public tables as Parquet: names of columns are English and plain, the cutoff and the rules stand in every file.

In: sheets of an English scene. Out: bytes. The same sheet gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from journey_mining.dashboards.csv_files import Sheet
from journey_mining.dashboards.scene import Scene

_ENDS = ((": 95% −", " low"), (": 95% +", " high"), (": 90% −", " low"), (": 90% +", " high"), (": n", " customers"))


def parquet_bytes(scene: Scene, name: str, sheet: Sheet) -> bytes:
    """One table with its origin in the metadata of the file."""
    names = column_names(sheet.head)
    columns = [_column([row[place] for row in sheet.rows]) for place in range(len(names))]
    limits = scene.pictures.limits
    origin = {
        "project": scene.brand,
        "table": name,
        "as_of": f"{scene.pictures.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "small_cell": str(limits.small),
        "thin_cell": str(limits.thin),
    }
    table = pa.Table.from_arrays(columns, names=names).replace_schema_metadata(origin)
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd")
    return target.getvalue()


def column_names(head: Sequence[str]) -> list[str]:
    """Headings as plain names, each once.

    >>> column_names(["Drop-off", "Drop-off: 95% −", "Share, %", "Share"])
    ['drop_off', 'drop_off_low', 'share', 'share_2']
    """
    found: list[str] = []
    for words in head:
        for end, word in _ENDS:
            words = words.removesuffix(end) + word if words.endswith(end) else words  # noqa: PLW2901 - one end each
        plain = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "column"
        number = 1
        while (own := plain if number == 1 else f"{plain}_{number}") in found:
            number += 1
        found.append(own)
    return found


def _column(values: Sequence[Any]) -> pa.Array:
    """Numbers as numbers where all of them are; anything else as text."""
    known = [None if value == "" else value for value in values]
    if all(value is None or isinstance(value, int) for value in known) and any(value is not None for value in known):
        return pa.array(known, pa.int64())
    if all(value is None or isinstance(value, int | float) for value in known):
        return pa.array([None if value is None else float(value) for value in known], pa.float64())
    return pa.array([None if value is None else str(value) for value in known], pa.string())
