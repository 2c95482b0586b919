"""What a piece of work costs: seconds, processor seconds, and the most memory held meanwhile.

Memory is that of this process. Linux keeps the peak of a process and lets the process begin a new one; elsewhere only
the peak since the start of the process could be told, which would blame every step for the heaviest, so nothing is.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

_PEAK, _NEW_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_PEAK_LINE = "VmHWM:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a piece of work cost."""

    seconds: float
    cpu_seconds: float
    """user and system, of this process and of those it waited for"""
    peak_mb: float | None
    """none where the system cannot tell"""


class Meter:
    """Measures from its making on; one at a time, because there is one peak of memory."""

    def __init__(self) -> None:
        self._knows_peak = _new_peak()
        self._cpu, self._start = _cpu_seconds(), time.perf_counter()

    def read(self) -> Costs:
        """What it cost so far."""
        return Costs(
            seconds=time.perf_counter() - self._start,
            cpu_seconds=_cpu_seconds() - self._cpu,
            peak_mb=_peak_mb() if self._knows_peak else None,
        )


def _cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _new_peak() -> bool:
    """Let the peak begin anew; whether the system can."""
    try:
        _NEW_PEAK.write_text("5", encoding="ascii")  # 5 is "reset the peak" (man 5 proc)
    except OSError:
        return False
    return True


def _peak_mb() -> float | None:
    lines = _PEAK.read_text(encoding="ascii", errors="replace").splitlines()
    sizes = [line.split()[1] for line in lines if line.startswith(_PEAK_LINE)]
    return int(sizes[0]) / 1024 if sizes else None
