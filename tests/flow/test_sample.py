"""On data/sample the pipeline must recover what was planted: `answer_key` is the judge."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from journey_mining.identity.quality import measure_quality
from journey_mining.maps.run_notes import run_totals
from journey_mining.maps.tables import read_tables
from journey_mining.project import load_project
from journey_mining.summary import findings, worst_cell
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import DuckDBWarehouse
from opened_page import opened
from reading_guide import follow, walks_of

pytestmark = pytest.mark.slow

KEY = Path(__file__).resolve().parents[2] / "data" / "sample" / "answer_key"
LARGE_CELL = 300
FEWEST_LARGE_CELLS = 10


@cache
def truth() -> dict[tuple[str, str], Any]:
    cells = json.loads((KEY / "drop_off.json").read_text(encoding="utf-8"))["cells"]
    return {(cell["segment"], cell["stage"]): cell for cell in cells}


@cache
def planted() -> dict[str, Any]:
    return json.loads((KEY / "planted.json").read_text(encoding="utf-8"))


def metrics(root: Path) -> pd.DataFrame:
    with DuckDBWarehouse(load_project(root).warehouse_file, read_only=True) as warehouse:
        return warehouse.read("metric_value", order_by=("estimand", "segment", "stage"))


def large_cells(root: Path, estimand: Estimand) -> pd.DataFrame:
    rows = metrics(root)
    named = rows["segment"].isin({segment for segment, _ in truth()})
    large = rows[
        (rows["estimand"] == estimand) & named & (rows["stage"] != "") & (rows["customer_count"] >= LARGE_CELL)
    ]
    assert len(large) >= FEWEST_LARGE_CELLS, "the sample must be large enough for the test to mean something"
    return large


def misses(rows: pd.DataFrame, cause: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Cells whose estimate is further from the truth than 3 standard errors and one point."""
    found = {}
    for row in rows.itertuples():
        true = truth()[row.segment, row.stage]["cumulative"][cause][int(row.horizon_days) - 1]
        standard_error = (row.interval_high - row.interval_low) / (2 * 1.96)
        if abs(row.estimate - true) > 3 * standard_error + 0.01:
            found[row.segment, row.stage] = (round(row.estimate, 4), true)
    return found


@pytest.mark.parametrize(
    ("estimand", "cause"),
    [(Estimand.DROP_OFF, "lost"), (Estimand.MOVED_ON, "progress"), (Estimand.MOVED_BACK, "back")],
)
def test_every_large_cell_is_recovered(sample_project: Path, estimand: Estimand, cause: str) -> None:
    assert misses(large_cells(sample_project, estimand), cause) == {}


def test_drop_off_has_no_common_lean(sample_project: Path) -> None:
    rows = large_cells(sample_project, Estimand.DROP_OFF)
    errors = [
        row.estimate - truth()[row.segment, row.stage]["cumulative"]["lost"][int(row.horizon_days) - 1]
        for row in rows.itertuples()
    ]
    assert abs(sum(errors) / len(errors)) < 0.01


def test_the_planted_worst_stage_is_named(sample_project: Path) -> None:
    worst = worst_cell(metrics(sample_project), Estimand.DROP_OFF, largest=True)
    assert worst is not None
    assert {"segment": worst["segment"], "stage": worst["stage"]} == planted()["worst"]
    assert "«Decision» of «Small business»" in findings(load_project(sample_project))[1]


def voice(root: Path) -> pd.DataFrame:
    rows = metrics(root)
    return rows[(rows["estimand"] == Estimand.VOICE) & (rows["stage"] != "") & (rows["customer_count"] >= 30)]


def test_the_planted_worst_mood_is_found(sample_project: Path) -> None:
    worst = voice(sample_project).sort_values("estimate").groupby("segment")["stage"].first()
    assert worst["all"] == planted()["worst_mood_stage"]


def test_moods_of_cells_are_ranked_as_planted(sample_project: Path) -> None:
    # levels are drawn towards the middle by any text model; what is claimed is the order of cells
    key = pd.read_csv(KEY / "mood.csv")
    both = voice(sample_project).merge(key, on=["segment", "stage"])
    assert both["estimate"].corr(both["mood"], method="spearman") >= 0.8


RECORDS = {
    "cookie": "select client_id, event_id from stg_metrica__hits h "
    "join event e on e.natural_key = 'hit:' || h.watch_id",
    "contact": "select contact_id, event_id from stg_bitrix24__contacts c "
    "join event e on e.natural_key = 'contact:' || c.contact_id",
    "deal": "select object_id, event_id from event_object where object_type = 'deal'",
    "ticket": "select object_id, event_id from event_object where object_type = 'ticket'",
}


def records(root: Path, last_select: str) -> pd.DataFrame:
    """Run a select over `record (record_kind, record_id, event_id)`, joining published and private tables."""
    project = load_project(root)
    union = " union all ".join(f"select '{kind}', * from ({sql})" for kind, sql in RECORDS.items())
    with duckdb.connect(str(project.warehouse_file), read_only=True) as connection:
        connection.execute(f"attach '{project.raw_file}' as private (read_only)")
        connection.execute("set search_path = 'main,private.main'")
        return connection.execute(f"with record(record_kind, record_id, event_id) as ({union}) {last_select}").df()


def test_people_are_stitched_as_they_are(sample_project: Path) -> None:
    found = records(
        sample_project,
        "select record_kind, record_id, min(person_id) as person_id from record join event_person using (event_id) "
        "group by record_kind, record_id",
    )
    key = pd.read_csv(KEY / "identity.csv.gz", dtype=str)
    linkable = key[(key["is_linkable"] == "1") & key["record_kind"].isin(RECORDS)]
    both = linkable.merge(found, on=["record_kind", "record_id"], how="inner")
    assert len(both) / len(linkable) > 0.99
    names = both["record_kind"] + ":" + both["record_id"]
    quality = measure_quality(
        dict(zip(names, both["true_person"], strict=True)), dict(zip(names, both["person_id"], strict=True))
    )
    assert quality.pair_precision >= 0.99
    assert quality.pair_recall >= 0.95


def test_no_bot_and_no_colleague_makes_a_journey(sample_project: Path) -> None:
    travelled = records(
        sample_project,
        "select distinct record_id as value from record join journey_step using (event_id) "
        "where record_kind = 'cookie'",
    )
    excluded = pd.read_csv(KEY / "excluded.csv", dtype=str)
    cookies = excluded[excluded["kind"] == "cookie"]
    caught = cookies[~cookies["value"].isin(travelled["value"])]
    assert len(caught) / len(cookies) >= 0.95


def holds_a_secret(text: str, secrets: set[str]) -> set[str]:
    """Planted strings that occur in `text`; looks up every window of the shortest secret's length."""
    width = min(map(len, secrets))
    starts: dict[str, list[str]] = {}
    for secret in secrets:
        starts.setdefault(secret[:width], []).append(secret)
    windows = (text[at : at + width] for at in range(len(text)))
    return {
        s for at, window in enumerate(windows) if window in starts for s in starts[window] if text.startswith(s, at)
    }


def test_no_planted_personal_string_is_published(sample_project: Path) -> None:
    project = load_project(sample_project)
    secrets = set(gzip.decompress((KEY / "pii.txt.gz").read_bytes()).decode("utf-8").splitlines()) - {""}
    pages = [
        p for p in project.site.rglob("*") if p.suffix in {".html", ".csv", ".js", ".json"} and "plotly" not in p.name
    ]
    texts = {p.name: p.read_text(encoding="utf-8-sig") for p in pages}
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        texts |= {f"{table}": published_text(warehouse, table) for table in warehouse.tables()}
    found = {name: sorted(held)[:3] for name, text in texts.items() if (held := holds_a_secret(text, secrets))}
    assert (len(secrets) > 100, found) == (True, {})


def published_text(warehouse: DuckDBWarehouse, table: str) -> str:
    """Every distinct text value of a table that is no hash, one a line."""
    data = warehouse.read_arrow(table)
    columns = [
        n for n, f in zip(data.column_names, data.schema, strict=True) if str(f.type) in {"string", "large_string"}
    ]
    values = (v for c in columns if not c.endswith("_id") for v in data.column(c).unique().to_pylist())
    return "\n".join(v for v in values if v and len(v) != 32)


def test_planted_duplicates_are_collapsed(sample_project: Path) -> None:
    project = load_project(sample_project)
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        status = warehouse.read("source_status", order_by=("source",)).set_index("source")
    assert status.loc["metrica", "rows_collapsed"] == planted()["duplicate_hit_rows"]


@pytest.mark.browser
@pytest.mark.parametrize("guide", ["reading-the-map.md", "reading-the-map.ru.md"])
def test_the_reading_guide_leads_where_it_says(sample_project: Path, chromium: Any, guide: str) -> None:
    walks = walks_of(KEY.parents[2] / "docs" / guide)
    tab = chromium.new_page(viewport={"width": 1440, "height": 2000})
    wrong = [fault for walk in walks for fault in follow(tab, sample_project / "site", walk)]
    tab.close()
    assert wrong == []
    assert [len(walk.steps) for walk in walks] == [5, 4, 3, 4, 5]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ru", "en"])
def test_maps_of_the_sample_take_two_sheets(sample_project: Path, chromium: Any, language: str) -> None:
    """Long names, six chips in a stage, lines of a persona: more than the invented company has."""
    with opened(chromium, sample_project / "site" / language / "segments" / "smb" / "map.html", width=1512) as tab:
        paper = tab.pdf(prefer_css_page_size=True)
    assert b"/Count 2" in paper


def test_the_two_reading_guides_walk_the_same_ways() -> None:
    guides = [walks_of(KEY.parents[2] / "docs" / name) for name in ("reading-the-map.md", "reading-the-map.ru.md")]
    ways = [[re.findall(r"\]\((?:en|ru)/([^)]+)\)", " ".join(walk.steps)) for walk in guide] for guide in guides]
    assert ways[0] == ways[1]
    assert all(ways[0])


def test_every_total_of_the_sample_agrees(sample_project: Path) -> None:
    with DuckDBWarehouse(load_project(sample_project).warehouse_file, read_only=True) as warehouse:
        totals = run_totals(read_tables(warehouse))
    assert [total.name for total in totals] == ["rows", "events", "persons", "steps", "texts", "journeys"]
    assert [total.name for total in totals if not total.is_equal] == []
