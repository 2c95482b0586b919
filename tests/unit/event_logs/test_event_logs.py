"""Journeys written as event logs: what is in them, what is not, and that others can read them."""

from __future__ import annotations

import csv
import gzip
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.event_logs import cases
from source_place import Place
from support import at

Export = Callable[..., Path]
FORMATS = {
    "xes": "log.xes",
    "csv": "log.csv",
    "parquet": "log.parquet",
    "ocel-json": "log.jsonocel",
    "ocel-xml": "log.xmlocel",
    "ocel-sqlite": "log.sqlite",
}


@pytest.fixture(scope="module")
def pm4py() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py as imported
    return imported


def table(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("case:concept:name", "concept:name", "time:timestamp", "org:resource", "stage", "case:segment")
    return [tuple(row[name] for name in names) for row in rows]


def test_a_flat_log_has_a_row_for_each_step(export: Export) -> None:
    assert table(export("csv", "log.csv")) == [
        ("j1", "site", "2026-04-01T07:00:00+00:00", "customer", "research", "smb"),
        ("j1", "call & visit", "2026-04-02T08:00:00.250000+00:00", "customer", "decision", "smb"),
        ("j1", "other", "2026-04-02T08:00:00.250000+00:00", "system", "decision", "smb"),
        ("j2", "site", "2026-04-03T00:00:00+00:00", "customer", "research", "corp"),
        ("j2", "site", "2026-04-03T00:01:00+00:00", "customer", "research", "corp"),
    ]


def test_a_log_of_stages_has_a_row_for_each_entry(export: Export) -> None:
    assert [row[:3] for row in table(export("csv", "log.csv", level="stage"))] == [
        ("j1", "research", "2026-04-01T07:00:00+00:00"),
        ("j1", "decision", "2026-04-02T08:00:00+00:00"),
        ("j2", "research", "2026-04-03T00:00:00+00:00"),
    ]


def test_a_segment_has_a_log_of_its_own(export: Export) -> None:
    assert {row[0] for row in table(export("csv", "log.csv", segment="corp"))} == {"j2"}


@pytest.mark.parametrize(("form", "name"), FORMATS.items())
@pytest.mark.parametrize("level", ["touchpoint", "stage"])
def test_what_a_small_segment_holds_is_in_no_log(export: Export, form: str, name: str, level: str) -> None:
    content = export(form, name, level=level).read_bytes()
    assert [word for word in (b"j9", b"p9", b"z1", b"secret", b"deal:9") if word in content] == []


@pytest.mark.parametrize(("form", "name"), FORMATS.items())
def test_the_same_state_gives_the_same_bytes(export: Export, form: str, name: str) -> None:
    assert export(form, name).read_bytes() == export(form, f"again_{name}").read_bytes()


@pytest.mark.parametrize("form", ["xes", "csv", "ocel-json", "ocel-xml"])
def test_a_packed_log_holds_the_same(export: Export, form: str) -> None:
    assert gzip.decompress(export(form, "log.gz").read_bytes()) == export(form, "log").read_bytes()


@pytest.mark.parametrize(("form", "name"), FORMATS.items())
def test_pages_of_one_journey_give_the_same_log(
    export: Export, form: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = export(form, name).read_bytes()
    monkeypatch.setattr(cases, "PAGE", 1)
    monkeypatch.setattr(cases, "_OBJECT_PAGE", 1)
    assert export(form, f"paged_{name}").read_bytes() == whole


def test_a_parquet_log_has_times_with_a_zone(export: Export) -> None:
    row = pq.read_table(export("parquet", "log.parquet")).to_pylist()[1]
    assert (row["concept:name"], row["time:timestamp"].replace(tzinfo=None), row["lifecycle:transition"]) == (
        "call & visit", at("2026-04-02T08:00:00.250"), "complete"
    )  # fmt: skip
    assert str(row["time:timestamp"].tzinfo) == "UTC"


@pytest.mark.filterwarnings("ignore")
def test_pm4py_reads_the_flat_log(export: Export, pm4py: Any) -> None:
    log = pm4py.read_xes(str(export("xes", "log.xes")), show_progress_bar=False)
    assert list(log["concept:name"]) == ["site", "call & visit", "other", "site", "site"]
    assert list(log["case:ending"]) == ["won", "won", "won", "open", "open"]
    assert log["case:concept:name"].nunique() == 2


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("form", "name", "reader"),
    [
        ("ocel-json", "log.jsonocel", "read_ocel2_json"),
        ("ocel-xml", "log.xmlocel", "read_ocel2_xml"),
        ("ocel-sqlite", "log.sqlite", "read_ocel2_sqlite"),
    ],
)
def test_pm4py_reads_the_object_centric_log(export: Export, pm4py: Any, form: str, name: str, reader: str) -> None:
    log = getattr(pm4py, reader)(str(export(form, name)))
    assert sorted(log.events["ocel:eid"]) == ["a1", "a2", "a3", "b1", "b2"]
    assert sorted(log.objects["ocel:oid"]) == [
        "deal:7", "journey:j1", "journey:j2", "person:p1", "person:p2", "ticket:7"
    ]  # fmt: skip
    assert len(log.relations) == 13
    assert len(log.o2o) == 2


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("pm4py")
def test_the_database_keeps_every_rule_of_the_standard(export: Export) -> None:
    from pm4py.objects.ocel.validation import ocel20_rel_validation

    kept, broken = ocel20_rel_validation.apply(str(export("ocel-sqlite", "log.sqlite")))
    assert (len(kept), broken) == (24, [])


def loaded(root: Path, source: str, log: Path) -> Place:
    root.mkdir()
    place = Place(root)
    place.use(source, fixtures=False)
    place.put(f"{source}/{log.name}", log.read_bytes())
    assert place.load().report.problems == ()
    return place


@pytest.mark.parametrize(
    ("form", "source"),
    [
        ("xes", "xes"),
        ("csv", "event_table"),
        ("parquet", "event_table"),
        ("ocel-json", "ocel"),
        ("ocel-xml", "ocel"),
        ("ocel-sqlite", "ocel"),
    ],
)
def test_our_own_sources_read_what_we_write(export: Export, tmp_path: Path, form: str, source: str) -> None:
    place = loaded(tmp_path / "other", source, export(form, FORMATS[form]))
    assert place.built(
        "select activity_raw, occurred_at, ts_quality, actor_type, channel from event order by occurred_at, order_key"
    ) == [
        ("site", at("2026-04-01T07:00"), "exact", "customer", "web"),
        ("call & visit", at("2026-04-02T08:00:00.250"), "exact", "customer", "phone"),
        ("other", at("2026-04-02T08:00:00.250"), "exact", "system", "crm"),
        ("site", at("2026-04-03T00:00"), "exact", "customer", "web"),
        ("site", at("2026-04-03T00:01"), "exact", "customer", "web"),
    ]
    assert place.built("select count(distinct value) from event_identifier") == [(2,)]


@pytest.mark.parametrize(
    ("form", "name", "more"),
    [
        ("csv", "nowhere/log.csv", {}),
        ("csv", ".", {}),
        ("parquet", "log.gz", {}),
        ("csv", "log.csv", {"segment": "crop"}),
        ("csv", "log.csv", {"segment": "tiny"}),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_nothing(
    export: Export, tmp_path: Path, form: str, name: str, more: dict[str, str]
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(JourneyMiningError):
        export(form, name, **more)
    assert sorted(tmp_path.iterdir()) == before


def test_a_project_that_never_ran_has_no_log(export: Export, tmp_path: Path) -> None:
    (tmp_path / "warehouse" / "journeys.duckdb").unlink()
    with pytest.raises(JourneyMiningError, match="does not exist"):
        export("csv", "log.csv")


def test_a_log_that_fails_half_way_leaves_the_old_one(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = export("csv", "log.csv").read_bytes()
    monkeypatch.setattr(cases.LogSource, "_events", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export("csv", "log.csv")
    assert (tmp_path / "log.csv").read_bytes() == old
    assert not (tmp_path / ".log.csv.part").exists()
