"""The tables of README.md, drawn from the committed results so that no figure is typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from goals import rows_of
from pictures import picture

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"


def write_tables() -> None:
    """Put the tables between their marks in README.md, and draw the picture of each group."""
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
    for place, drawn in drawn_pictures().items():
        place.write_text(drawn, encoding="utf-8")


def drawn_pictures() -> dict[Path, str]:
    """The SVG of each group that has measures, by its place."""
    groups = {file: json.loads(file.read_text(encoding="utf-8")) for file in sorted(HERE.glob("*/results.json"))}
    return {file.with_name("results.svg"): picture(found) for file, found in groups.items() if "measures" in found}


def with_tables(text: str) -> str:
    """The text with the table of each group of results between its marks."""
    for file in sorted(HERE.glob("*/results.json")):
        results = json.loads(file.read_text(encoding="utf-8"))
        name = file.parent.name
        table = (
            "".join(world_table(world) for world in results["worlds"])
            if "worlds" in results
            else group_tables(name, results["measures"])
        )
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = mark.sub(lambda found, table=table: found[1] + table + found[2], text)
    return text


def group_tables(group: str, measures: list[dict[str, Any]]) -> str:
    """The picture of a group, its goals and what was reached, then the costs of each measure."""
    goals = rows_of(group, {measure["name"]: measure for measure in measures})
    lines = ["", "| goal | at most | reached | |", "|---|---|---|---|"] if goals else []
    lines += [f"| {' | '.join(row)} |" for row in goals]
    shown = f"\n![CPU seconds, medians]({group}/results.svg)\n"
    return shown + "\n".join(lines) + "\n" + "".join(measure_table(measure) for measure in measures)


def measure_table(measure: dict[str, Any]) -> str:
    """Costs of one measure; ratios are to the first contender. Parts are those of the median run.

    Work is what is left without imports, and without what was there before.
    """
    rounds = f"{measure['rounds']} rounds" if measure["rounds"] > 1 else "1 round"
    lines = [
        f"\n{measure['title']}, {rounds}:\n",
        "| | CPU seconds (least to most) | to the first | peak MB | of these CPU seconds, work |",
        "|---|---|---|---|---|",
    ]
    first = next(iter(measure["contenders"].values()))["cpu_seconds"]["median"]
    for name, costs in measure["contenders"].items():
        cpu = costs["cpu_seconds"]
        work = f"{costs['work_cpu_seconds']['median']:.2f}" if "work_cpu_seconds" in costs else ""
        stopped = " (stopped)" if "stopped_after_cpu_seconds" in costs["tells"] else ""
        lines.append(
            f"| {name}{stopped} | {cpu['median']:.2f} ({cpu['least']:.2f} to {cpu['most']:.2f}) "
            f"| {cpu['median'] / first:.2f}x | {costs['peak_mb']['median']:,.0f} | {work} |"
        )
    told = {name: costs["parts"] for name, costs in measure["contenders"].items() if "parts" in costs}
    return "\n".join(lines) + "\n" + (_parts_table(told) if told else "")


def _parts_table(told: dict[str, dict[str, float]]) -> str:
    lines = [f"\n| CPU seconds of | {' | '.join(told)} |", f"|---|{'---|' * len(told)}"]
    lines += [
        f"| {part} | {' | '.join(f'{parts[part]:.2f}' for parts in told.values())} |"
        for part in next(iter(told.values()))
    ]
    return "\n".join(lines) + "\n"


def world_table(world: dict[str, Any]) -> str:
    """Costs of one world; ratios are to the first contender."""
    rounds = f"{world['rounds']} rounds" if world["rounds"] > 1 else "1 round"
    limit = "".join(f", memory_limit {value}" for value in world["limits"].values())
    lines = [
        f"\n{world['events']:,} events, {rounds}{limit}:\n",
        "| contender | CPU seconds (least to most) | to ours | seconds | peak MB | to ours |",
        "|---|---|---|---|---|---|",
    ]
    first = next(iter(world["contenders"].values()))
    for name, costs in world["contenders"].items():
        cpu, memory = costs["cpu_seconds"], costs["peak_mb"]
        lines.append(
            f"| {name} | {cpu['median']:.2f} ({cpu['least']:.2f} to {cpu['most']:.2f}) "
            f"| {cpu['median'] / first['cpu_seconds']['median']:.1f}x | {costs['seconds']['median']:.1f} "
            f"| {memory['median']:,.0f} | {memory['median'] / first['peak_mb']['median']:.1f}x |"
        )
    return "\n".join(lines) + "\n"
