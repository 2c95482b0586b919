"""Measure: `PYTHONPATH=tools python -m accuracy [--seeds 20] [--scenarios default,null] [--quick] [--out FILE]`.

Worlds that this very code has measured already are not measured again, so it can be stopped and started; `--keep` also
keeps what other code measured. One world at a time; each takes about half a minute. `--quick` measures one small world.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from accuracy import drop_off, everybody, hidden, later, mood, page, record, rows, same_bytes, voice_truth
from accuracy.record import Finding, World
from accuracy.worlds import Tried
from journey_mining.simulation import SCENARIOS

Measure = Callable[[Tried], Iterator[Finding]]
ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "docs" / "accuracy" / "results.json"
QUICK_CUSTOMERS = 800
_BASE: tuple[Measure, ...] = (
    drop_off.shares,
    drop_off.edges,
    drop_off.goal,
    rows.stitching,
    rows.noise,
    rows.flows,
    hidden.personal_strings,
)
_MOOD: tuple[Measure, ...] = (mood.moods, voice_truth.voice_interval, voice_truth.calibration)
MEASURES: dict[str, tuple[int, tuple[Measure, ...]]] = {
    "default": (5000, (*_BASE, drop_off.returns, *_MOOD, later.top_opportunity, later.alarms, later.importance)),
    "null": (5000, (drop_off.shares, later.budget, later.importance)),
    "drift": (15000, (later.alarms,)),
    "action": (15000, (later.action, later.alarms)),
    "slow_answer": (8000, (later.slow_answer,)),
    "placebo": (5000, (later.importance,)),
    "memory": (5000, (later.importance,)),
    "two_deals": (3000, (drop_off.shares, drop_off.edges, rows.stitching)),
    "intended": (3000, (later.ways, rows.flows)),
    "nightly": (1500, (same_bytes.night_after_night,)),
    "late": (1500, (same_bytes.night_after_night,)),
    "erasure": (1500, (same_bytes.same_twice, hidden.forgotten)),
    "season": (5000, (drop_off.shares, later.alarms)),
    "invited": (5000, (everybody.everybody,)),
    "silent": (5000, (everybody.everybody,)),
    "tiny": (1500, (hidden.tiny_segment, hidden.personal_strings)),
}
"""customers, and what is measured, by scenario"""
_ONCE = {"nightly": 3, "late": 3, "erasure": 3, "tiny": 5, "drift": 8, "action": 5}
"""scenarios that need fewer seeds, because the claim is exact or the world is large"""


def findings_of(world: World, place: Path) -> list[Finding]:
    """Everything that is measured in one world; a failure is a finding too."""
    try:
        tried = Tried(world, place)
    except Exception as fault:  # noqa: BLE001 - a run that fails is what the page has to show
        return [_failure("the line runs", fault)]
    found = [Finding(claim="run", measure="the line runs", planted=1.0, found=1.0, tolerance="exact", hit=True)]
    for measure in MEASURES[world.scenario][1]:
        try:
            found.extend(measure(tried))
        except Exception as fault:  # noqa: BLE001 - one measure must not hide the others
            traceback.print_exc()
            found.append(_failure(measure.__name__, fault))
    return found


def _failure(what: str, fault: Exception) -> Finding:
    note = f"{type(fault).__name__}: {str(fault).splitlines()[0] if str(fault) else ''}"[:200]
    return Finding(claim="run", measure=what, planted=1.0, found=0.0, tolerance="exact", hit=False, note=note)


def worlds(seeds: int, names: list[str], customers: int | None) -> Iterator[World]:
    """What is to be measured, all scenarios of one seed before the next seed."""
    for seed in range(1, seeds + 1):
        for name in names:
            if seed <= _ONCE.get(name, seeds):
                yield World(name, seed, customers or MEASURES[name][0])


def main() -> None:
    """Measure what is missing, then write the page."""
    options = _options()
    names = options.scenarios.split(",") if options.scenarios else list(MEASURES)
    unknown = sorted({*names} - {*MEASURES} | ({*names} - {*SCENARIOS}))
    if unknown:
        sys.exit(f"Unknown scenarios: {', '.join(unknown)}; known are {', '.join(MEASURES)}.")
    out: Path = options.out
    kept = record.read(out)
    code = record.code_hash(ROOT)
    done = record.measured(kept, code)
    if options.keep:
        done |= {(row["scenario"], row["seed"], row["customers"]) for row in kept}
    for world in worlds(options.seeds, names, options.customers):
        if world.key in done:
            continue
        started = time.perf_counter()
        place = Path(tempfile.mkdtemp(prefix="accuracy_"))
        try:
            found = findings_of(world, place)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        kept = record.merged(kept, world, found, code)
        record.write(out, kept)
        _say(world, found, time.perf_counter() - started)
    page_file = out.parent / "accuracy.md" if out != RESULTS else RESULTS.parents[1] / "accuracy.md"
    page_file.write_text(page.text(kept), encoding="utf-8")
    missed = [row for row in kept if row["hit"] is False]
    print(f"{len(missed)} misses in {len(kept)} findings; {page_file}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="accuracy", description="Hold what the line publishes against planted truth.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--scenarios", default="", help="comma-separated; default: all")
    parser.add_argument("--customers", type=int, default=None, help="instead of each scenario's own number")
    parser.add_argument("--quick", action="store_true", help="one small default world")
    parser.add_argument("--keep", action="store_true", help="do not measure again what other code has measured")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.quick:
        options.scenarios = options.scenarios or "default"
        options.customers = options.customers or QUICK_CUSTOMERS
        options.seeds = min(options.seeds, 1)
    return options


def _say(world: World, found: list[Finding], seconds: float) -> None:
    judged = [finding for finding in found if finding.hit is not None]
    missed = [finding for finding in judged if not finding.hit]
    hits = f"{len(judged) - len(missed)} of {len(judged)} hit"
    print(f"{world.scenario} {world.seed} ({world.customers}): {hits}, {seconds:.0f} s")
    for finding in missed:
        print(f"  missed {finding.claim} {finding.measure}: {finding.planted} -> {finding.found} {finding.note}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
