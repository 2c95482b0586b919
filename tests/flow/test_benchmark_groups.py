"""The groups of the benchmark on small data: contenders find the same; no time is looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parents[2] / "benchmarks"
TOGETHER = ("contenders", "days", "company", "groups", "goals", "pictures", "tables", "run", "worlds")


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """The modules of a group can be imported, by the names that they have when they are run."""
    name: str = request.param
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.syspath_prepend(str(HERE / name))
    yield name
    for module in TOGETHER:
        sys.modules.pop(module, None)


def found(name: str, file: Path) -> dict[str, Any]:
    from contenders import CONTENDERS

    result: dict[str, Any] = CONTENDERS[name](str(file))
    return result


@pytest.mark.parametrize("group", ["identity"], indirect=True)
def test_components_are_those_of_scipy_and_of_the_recursive_query_also_on_a_chain(group: str, tmp_path: Path) -> None:
    from groups import measures

    for measure in measures(group, is_small=True):
        file = tmp_path / measure.data
        measure.make(file)
        ours = found("ours", file)
        assert ours == found("scipy", file) == found("using_key", file)
        chain = measure.name == "path"
        assert (ours["components"] == 1) is chain
        assert (ours["identifiers"] == 2_000) is chain


@pytest.mark.parametrize("group", ["identity"], indirect=True)
def test_hubs_are_cut_before_components_are_looked_for(group: str, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from contenders import HUB

    spokes = list(range(1, HUB + 2))
    ends = {"a": [0] * len(spokes) + [1], "b": [*spokes, 2]}
    pq.write_table(pa.table(ends), tmp_path / "star.parquet")
    # without the hub, all that is left together is 1 and 2
    assert found("ours", tmp_path / "star.parquet")["components"] == 1
    assert found("scipy", tmp_path / "star.parquet")["identifiers"] == 2


@pytest.mark.parametrize("group", ["loading"], indirect=True)
def test_readers_find_the_same_rows_and_a_batch_leaves_what_loading_all_leaves(group: str, tmp_path: Path) -> None:
    from contenders import measured
    from exports import write_delivery, write_export

    for kind, names in (("csv", ("ours", "duckdb", "pandas")), ("ndjson", ("ours", "duckdb", "pandas", "pyarrow"))):
        file = tmp_path / f"visits.{kind}"
        write_export(file, kind, 0.1)
        assert len({measured(name, file)["rows"] for name in names}) == 1
    count = write_delivery(tmp_path / "delivery", 0.1)
    names = ("ours_upsert", "ours_rewrite", "duckdb_merge", "duckdb_rewrite")
    rows = {measured(name, tmp_path / "delivery")["rows"] for name in names}
    assert len(rows) == 1
    assert rows.pop().startswith(f"[{count + max(count // 200, 1)}, ")


@pytest.mark.parametrize("group", ["site_pages"], indirect=True)
def test_a_site_drawn_twice_has_the_same_bytes(group: str, tmp_path: Path) -> None:
    from groups import measures

    (measure,) = measures(group, is_small=True)
    measure.make(tmp_path / measure.data)
    from contenders import CONTENDERS

    first, second = (CONTENDERS["ours"](tmp_path / measure.data) for _ in range(2))
    first.pop("costs")
    second.pop("costs")
    assert first == second
    assert first["pages"] > 30


@pytest.mark.parametrize("group", ["night"], indirect=True)
@pytest.mark.slow
def test_the_night_of_one_day_ends_in_the_tables_and_pages_of_a_rebuild(group: str, tmp_path: Path) -> None:
    from contenders import measured
    from days import write_days

    write_days(tmp_path / "days", 250)
    night, rebuild = (measured(name, tmp_path / "days") for name in ("night", "rebuild"))
    assert set(night["costs"]["parts"]) == set(rebuild["costs"]["parts"])
    assert {key: night[key] for key in ("tables", "pages")} == {key: rebuild[key] for key in ("tables", "pages")}


@pytest.mark.parametrize("group", ["start"], indirect=True)
def test_a_goal_says_by_how_much_it_is_missed_and_is_left_out_where_nothing_was_measured(group: str) -> None:
    from goals import rows_of

    def measured(ours: float) -> dict[str, Any]:
        return {"help": {"contenders": {"help": {"cpu_seconds": {"median": ours}}}}}

    assert rows_of(group, {}) == []
    assert rows_of(group, measured(0.25))[0][2:] == ("0.25 s", "met")
    assert rows_of(group, measured(1.0))[0][3].startswith("missed, 2.0 times the goal.")


@pytest.mark.parametrize("group", ["start"], indirect=True)
def test_pictures_and_tables_are_those_of_the_committed_results(group: str) -> None:
    from groups import GROUPS
    from tables import README, drawn_pictures

    assert {place: place.read_text(encoding="utf-8") for place in drawn_pictures()} == drawn_pictures()
    text = README.read_text(encoding="utf-8")
    assert [name for name in GROUPS if f"<!-- {name} -->" not in text] == []
    pictures = [f"]({place.parent.name}/{place.name})" for place in drawn_pictures()]
    assert pictures
    assert [picture for picture in pictures if picture not in text] == []
