# ruff: noqa: PLR2004 - tolerances are the content
"""S10, S11: what must not be found anywhere - personal strings, forgotten people, a segment of four."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from accuracy.record import Finding, not_measured
from accuracy.worlds import Tried
from journey_mining.project import load_project
from journey_mining.simulation.scenarios import TINY_SEGMENT
from journey_mining.warehouse import DuckDBWarehouse

_NAMES_OF_SEGMENTS = ("segment", "segment_rule", "rule_condition", "rule_predicate")
"""tables that hold what the company itself declared"""
_OF_ONE = {"person_id", "journey_id", "event_id"}
"""columns of tables that are about single people, never leave the warehouse and count nobody"""


def personal_strings(tried: Tried) -> Iterator[Finding]:
    """S10: planted addresses, phones and numbers in anything that is published or logged."""
    secrets = tried.secrets()
    found = {
        place: held for place, text in published_texts(tried, tried.root) if (held := sorted(strings_in(text, secrets)))
    }
    count = sum(map(len, found.values()))
    yield Finding(
        claim="S10",
        measure="planted personal strings in tables, pages and logs",
        planted=0.0,
        found=float(count),
        tolerance="none",
        hit=count == 0,
        n=len(secrets),
        note=("in " + ", ".join(sorted(found)[:3])) if found else "n is planted strings",
    )


def strings_in(text: str, wanted: Iterable[str]) -> set[str]:
    """Which of many strings occur in `text`; looks up every window of the shortest one's length once.

    >>> sorted(strings_in("call 555-0101 now", ["555-0101", "555-0199"]))
    ['555-0101']
    >>> strings_in("Ivan Petrovich", ["Ivan Petrov"])
    set()
    """
    words = list(wanted)
    width = min(map(len, words), default=0)
    starts: dict[str, list[str]] = {}
    for word in words:
        starts.setdefault(word[:width], []).append(word)
    found = set()
    for at in range(len(text) if words else 0):
        for word in starts.get(text[at : at + width], ()):
            following = text[at + len(word) : at + len(word) + 1]
            # a name is not found in a longer one that begins alike
            if text.startswith(word, at) and not (word[-1].isalpha() and following.isalpha()):
                found.add(word)
    return found


def published_texts(tried: Tried, root: Path) -> Iterator[tuple[str, str]]:
    """Every published table, page and log as text, with the name of its place."""
    project = load_project(root)
    with tried.warehouse(root) as warehouse:
        for table in warehouse.tables():
            yield table, table_text(warehouse, table)
    endings = {".html", ".csv", ".js", ".json", ".svg", ".txt", ".xml"}
    for path in sorted(project.site.rglob("*")):
        if path.suffix in endings and "plotly" not in path.name:
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8-sig")
    for path in sorted((root / "warehouse").glob("*.jsonl")):
        yield path.name, path.read_text(encoding="utf-8")


def table_text(warehouse: DuckDBWarehouse, table: str) -> str:
    """Every distinct text of a table that is no hash, one a line."""
    data = warehouse.read_arrow(table)
    texts = {"string", "large_string"}
    columns = [n for n, f in zip(data.column_names, data.schema, strict=True) if str(f.type) in texts]
    values = (v for c in columns if not c.endswith("_id") for v in data.column(c).unique().to_pylist())
    return "\n".join(v for v in values if v and len(v) != 32)


def tiny_segment(tried: Tried) -> Iterator[Finding]:
    """S11: the segment of four people has no row in tables of numbers, no page, and is not in `all` either."""
    rows, pages = 0, 0
    with tried.warehouse() as warehouse:
        for table in warehouse.tables():
            data = warehouse.read_arrow(table)
            if table in _NAMES_OF_SEGMENTS or not _OF_ONE.isdisjoint(data.column_names):
                continue
            names = [name for name in data.column_names if name in {"segment", "segment_a", "segment_b"}]
            has_count = "customer_count" in data.column_names
            for name in names:
                own = data.to_pandas()
                own = own[own[name] == TINY_SEGMENT]
                if "pool" in own.columns:
                    own = own[own["pool"].isin(["segment", "segment x stage"])]  # others count a larger pool's people
                rows += int((own["customer_count"] > 0).sum()) if has_count else len(own)
    met = tried.read("journey_segment")
    people = tried.read("journey").merge(met[met["segment"] == TINY_SEGMENT], on="journey_id")["person_id"].nunique()
    yield Finding(
        claim="S11",
        measure="people of the segment of four whom the line met (or the rest proves nothing)",
        planted=float(tried.scenario.tiny_count),
        found=float(people),
        tolerance="at least one",
        hit=people > 0,
        n=people,
    )
    site = load_project(tried.root).site
    pages = sum("partner" in path.as_posix() for path in site.rglob("*"))
    yield _nothing("S11", "rows of numbers of a segment of four", rows)
    yield _nothing("S11", "pages of a segment of four", pages)
    metric = tried.read("metric_value")
    counts = metric[(metric["estimand"] == "journeys") & (metric["stage"] == "")].set_index("segment")["estimate"]
    rest = float(counts.get("all", 0.0) - counts.drop(["all", TINY_SEGMENT], errors="ignore").fillna(0).sum())
    yield _nothing("S11", "journeys of a segment of four, by subtraction from all", int(rest))


def _nothing(claim: str, measure: str, found: int) -> Finding:
    return Finding(
        claim=claim, measure=measure, planted=0.0, found=float(found), tolerance="none", hit=found == 0, n=found
    )


def forgotten(tried: Tried) -> Iterator[Finding]:
    """S10: people who asked to be forgotten, after the command and a run; the kept exports are the company's own."""
    measure = "strings of forgotten people in tables, pages and logs"
    asked = [entry for entry in tried.key("scenario")["erase"] if entry]
    error = _run_command(tried.root, asked)
    if error:
        yield not_measured("S10", measure, f"`journey forget` fails here: {error}")
        return
    wanted = {text for entry in asked for text in entry["strings"]}
    held = {text for _, content in published_texts(tried, tried.root) for text in strings_in(content, wanted)}
    raw = load_project(tried.root).raw_file.read_bytes()
    in_raw = {text for text in wanted if text.encode() in raw}
    yield _nothing("S10", measure, len(held))
    yield _nothing("S10", "strings of forgotten people in the bytes of raw.duckdb", len(in_raw))


def _run_command(root: Path, asked: list[dict[str, str]]) -> str:
    """`journey forget` for each, then a run; '' or what went wrong."""
    from typer.testing import CliRunner

    from journey_mining.cli import app

    for entry in asked:
        arguments = ["forget", "--kind", entry["kind"], "--value", entry["value"], "-p", str(root)]
        done = CliRunner().invoke(app, arguments, input="y\n")
        if done.exit_code:
            return json.dumps(done.output)[:120]
    done = CliRunner().invoke(app, ["run", str(root)])
    return "" if done.exit_code == 0 else json.dumps(done.output)[:120]
