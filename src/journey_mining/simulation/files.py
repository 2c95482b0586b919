"""Writing files so that the same content always gives the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def put(path: Path, data: bytes) -> int:
    """Write `data`, compressed where the name ends with .gz; returns the size on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as packed:
            packed.write(data)
        data = buffer.getvalue()
    path.write_bytes(data)
    return len(data)


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Plain CSV with a heading."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return buffer.getvalue()


def json_text(value: dict[str, Any]) -> str:
    """JSON with each top-level entry, and each record of a top-level list, on a line of its own."""
    entries = [f"{json.dumps(key)}: {_entry(entry)}" for key, entry in value.items()]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _entry(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)
