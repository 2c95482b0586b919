"""What went out and has not ended: `warehouse/notices.jsonl`, a line for each thing said and each thing over.

A line is written after its message got through. A crash between the two sends the message once more, and never loses
one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

SENT, OVER = "sent", "over"


def ledger_file(root: Path) -> Path:
    """Where the ledger of a project is kept."""
    return root / "warehouse" / "notices.jsonl"


def open_keys(root: Path) -> dict[str, set[str]]:
    """What was said and is not over, by channel; torn lines are skipped."""
    path, found = ledger_file(root), dict[str, set[str]]()
    if not path.is_file():
        return found
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
            keys = found.setdefault(str(row["channel"]), set())
            keys.add(str(row["key"])) if row["state"] == SENT else keys.discard(str(row["key"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def enter(root: Path, channel: str, keys: Iterable[str], *, state: str, at: datetime) -> None:
    """Add a line for each key and force them to disk."""
    path = ledger_file(root)
    is_torn = path.is_file() and not path.read_bytes().endswith(b"\n")
    lines = [
        json.dumps({"channel": channel, "key": key, "state": state, "at": at.isoformat()}, ensure_ascii=False) + "\n"
        for key in sorted(keys)
    ]
    if not lines:
        return
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * is_torn + "".join(lines))
        file.flush()
        os.fsync(file.fileno())
