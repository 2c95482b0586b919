from __future__ import annotations

import subprocess
import sys

import pytest

from journey_mining import costs
from journey_mining.costs import Meter


def held(megabytes: int) -> int:
    return len(bytearray(b"x") * (megabytes * 1_000_000))


@pytest.mark.skipif(not costs._NEW_PEAK.exists(), reason="the system keeps one peak a process")
def test_the_peak_of_one_step_is_not_that_of_the_one_before() -> None:
    heavy = Meter()
    held(300)
    most = heavy.read().peak_mb
    light = Meter()
    held(1)
    least = light.read().peak_mb
    assert most is not None
    assert least is not None
    assert most - least > 250


def test_work_of_a_process_waited_for_counts() -> None:
    meter = Meter()
    subprocess.run([sys.executable, "-S", "-c", "sum(range(3_000_000))"], check=True)
    found = meter.read()
    assert found.cpu_seconds > 0.01
    assert found.seconds > 0


def test_where_the_system_cannot_tell_memory_none_is_told(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(costs, "_NEW_PEAK", tmp_path / "absent" / "clear_refs")
    assert Meter().read().peak_mb is None
