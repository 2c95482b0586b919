from __future__ import annotations

import re
from pathlib import Path

import pytest

from journey_mining.errors import ModelError
from journey_mining.maps.lineage import METRICS, estimand_tables, origins
from journey_mining.maps.tables import SHOWN_TABLES
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse.models import all_models

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = {"run_setting", "segment", "stage", "stage_wait"}
"""what every measure needs besides what it is counted from"""
OF_NO_PAGE = {
    "activity_step",
    "sentiment",
    "stage_trace",
}
"""read for tables that no page shows: traits of segments, blind spots, outcomes of variants"""
FOUND = {origin.table: origin for origin in origins(SHOWN_TABLES)}
WRITTEN = sorted(table for table in FOUND if table not in all_models())


def package_texts(code: str) -> str:
    """All modules of the package of a module, or of those that may not read tables by name."""
    folder = (ROOT / code).parents[len(Path(code).parts) - 4]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))


def test_every_table_leads_back_to_files_or_to_the_files_of_the_project() -> None:
    assert {table for origin in FOUND.values() for table in origin.reads} <= set(FOUND)
    roots = {table for table, origin in FOUND.items() if not origin.reads}
    assert roots == {
        "raw_file",
        "source_setting",
        "stage",
        "touchpoint",
        "segment",
        "stage_rule",
        "segment_rule",
        "rule_condition",
        "rule_predicate",
        "rule_history",
        "score_setting",
    }


def test_a_table_is_never_made_of_itself() -> None:
    before = {table: set(origin.reads) for table, origin in FOUND.items()}
    while True:
        wider = {table: reads | {more for read in reads for more in before[read]} for table, reads in before.items()}
        if wider == before:
            break
        before = wider
    assert [table for table, reads in before.items() if table in reads] == []


def test_models_say_where_they_stand_and_what_they_read() -> None:
    assert FOUND["episode_time"].made_by == "sql/70_scores/episode_time.sql"
    assert FOUND["episode_time"].reads == ("run_setting", "segment_member", "stage_episode")


def test_work_tables_of_the_identity_step_stand_for_the_evidence() -> None:
    assert FOUND["person_identifier"].reads == ("event", "event_identifier")


@pytest.mark.parametrize("table", [table for table in WRITTEN if table != "raw_file"])
def test_the_module_that_is_said_to_write_a_table_is_there_and_names_it(table: str) -> None:
    package = package_texts(FOUND[table].made_by)
    assert (ROOT / FOUND[table].made_by).is_file()
    assert re.search(rf"\b{table}\b", package)


@pytest.mark.parametrize("table", [t for t in WRITTEN if FOUND[t].layer in ("paths", "scores", "change")])
def test_a_written_table_reads_only_what_its_package_names(table: str) -> None:
    package = package_texts(FOUND[table].made_by)
    named = set(re.findall(r'"([a-z_]+)"', package)) | set(re.findall(r"\b(?:from|join) ([a-z_]+)\b", package))
    assert set(FOUND[table].reads) <= named


@pytest.mark.parametrize("package", ["scoring", "change"])
def test_whatever_a_package_reads_is_said_of_one_of_its_tables(package: str) -> None:
    texts = package_texts(f"src/journey_mining/{package}/__init__.py")
    read = set(re.findall(r'\.read(?:_arrow)?\(\s*"([a-z_]+)"', texts))
    said = {read for origin in FOUND.values() if f"/{package}/" in origin.made_by for read in origin.reads}
    assert read - OF_NO_PAGE <= said


def test_every_measure_rests_on_tables_that_metric_value_reads() -> None:
    bases = estimand_tables()
    assert set(bases) == {str(estimand) for estimand in Estimand}
    assert {table for tables in bases.values() for table in tables} | SETTINGS == set(FOUND[METRICS].reads)


def test_a_table_of_unknown_origin_is_refused() -> None:
    with pytest.raises(ModelError, match="guesswork"):
        origins(["guesswork"])
