"""The tables of README.md, drawn from the committed results so that no figure is typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"


def write_tables() -> None:
    """Put the tables between their marks in README.md."""
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(text: str) -> str:
    """The text with the table of each group of results between its marks."""
    for file in sorted(HERE.glob("*/results.json")):
        results = json.loads(file.read_text(encoding="utf-8"))
        if "worlds" in results:
            mark = re.compile(rf"(<!-- {file.parent.name} -->\n).*?(<!-- end -->)", re.DOTALL)
            table = "".join(world_table(world) for world in results["worlds"])
            text = mark.sub(lambda found, table=table: found[1] + table + found[2], text)
    return text


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
