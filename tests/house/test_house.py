"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from journey_mining.notebook import OpenProject, picture_names
from journey_mining.vocabulary import METRIC_COLUMNS
from journey_mining.warehouse.models import all_models, layer_models

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PIPELINES = sorted((ROOT / "pipelines").rglob("*.py"))
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
LONGEST_MODEL = 110


def functions_longer_than(limit: int, path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [f"{path.name}:{f.name}" for f in functions if (f.end_lineno or f.lineno) - f.lineno > limit]


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if wanted.search(line)
    ]


def repository_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git of the checkout
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_every_model_header_reads_what_its_select_reads() -> None:
    wrong = {
        model.name: (sorted(model.reads), sorted(read))
        for model in all_models().values()
        if (read := tables_read(model.sql)) != set(model.reads)
    }
    assert wrong == {}


def tables_read(sql: str) -> set[str]:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - ctes


def test_every_model_is_one_select_without_stars() -> None:
    starred = [m.name for m in all_models().values() if re.search(r"select\s+\*|\b\w+\.\*", m.sql, re.IGNORECASE)]
    many = [m.name for m in all_models().values() if len(sqlglot.parse(m.sql, dialect="duckdb")) != 1]
    assert (starred, many) == ([], [])


def test_models_fit_on_a_screen_or_two() -> None:
    assert [m.name for m in all_models().values() if m.sql.count("\n") > LONGEST_MODEL] == []


@pytest.mark.parametrize("layer", ["events", "identity", "journeys", "paths", "scores", "gates", "change", "checks"])
def test_every_layer_can_be_put_in_order(layer: str) -> None:
    names = [model.name for model in layer_models(layer)]
    assert len(names) == len(set(names)) > 0


def test_functions_can_be_held_in_mind() -> None:
    assert [name for path in (*SOURCES, *PIPELINES) for name in functions_longer_than(LONGEST_FUNCTION, path)] == []


def test_files_can_be_held_in_mind() -> None:
    long_files = [p.name for p in SOURCES if p.read_text(encoding="utf-8").count("\n") > LONGEST_FILE]
    # the fragments of simulated texts are data in the shape of code
    assert [name for name in long_files if not name.startswith(("texts", "seed_phrases"))] == []


def test_only_the_command_line_prints() -> None:
    allowed = {"cli.py", "console.py"}
    assert lines_with(r"^\s*print\(", [p for p in SOURCES if p.name not in allowed]) == []


def test_engines_have_one_door_each() -> None:
    pattern = r"^\s*(import|from) (duckdb|pyspark|prefect|plotly|pm4py)\b"
    homes = {"duckdb_warehouse.py": "duckdb", "spark_warehouse.py": "pyspark"}
    found = lines_with(pattern, [p for p in SOURCES if p.name not in homes])
    strays = [line for line in found if "/mining/" not in line and "/dashboards/" not in line]
    assert strays == []


def test_every_test_that_the_threat_model_names_is_there() -> None:
    rows = [line.split("|") for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()]
    threats = {row[1].strip(): re.findall(r"`(test_\w+)`", row[4]) for row in rows if len(row) == 6}
    written = {
        found.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(found, ast.FunctionDef)
    }
    named = {name for names in threats.values() for name in names}
    assert named - written == set()
    assert [threat for threat, names in threats.items() if not names] == ["threat", "---"]
    assert len(threats) > 15


def test_every_csv_for_people_is_written_by_the_one_function_that_makes_texts_harmless() -> None:
    # the simulator writes exports as other systems write them
    found = lines_with(r"csv\.(writer|DictWriter)|\.to_csv\(", [p for p in SOURCES if "simulation" not in p.parts])
    assert [line for line in found if "journey_mining/spreadsheet.py" not in line] == []


def test_no_module_is_a_grab_bag() -> None:
    assert [p.name for p in SOURCES if p.stem in {"utils", "misc", "helpers", "common"}] == []


def test_every_picture_of_a_notebook_has_its_twin() -> None:
    asked = {name: made for name, made in vars(OpenProject).items() if inspect.isfunction(made) and name[0] != "_"}
    drawn = {name for name, made in asked.items() if made.__annotations__.get("return") == "Any"}
    numbers = {name for name in asked if name.endswith("_data")}
    assert drawn == set(picture_names()) == {name.removesuffix("_data") for name in numbers}
    differing = [
        name
        for name in drawn
        if inspect.signature(asked[name]).parameters != inspect.signature(asked[f"{name}_data"]).parameters
    ]
    assert differing == []


def test_the_repository_speaks_of_the_product_alone() -> None:
    words = "|".join(("/wo" + "rk/", r"\.\./sha" + "red", "sub" + "agent", "py" + r"pi\.org", "python" + "hosted"))
    text_files = [
        p for p in repository_files() if p.suffix in {".py", ".md", ".toml", ".sql", ".lock", ".j2", ".txt", ""}
    ]
    assert lines_with(words, [p for p in text_files if is_text(p)]) == []


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:4096]


def test_the_lock_names_no_address() -> None:
    assert lines_with(r"https?://|file:///", sorted(ROOT.glob("requirements*.lock"))) == []


def test_every_dependency_is_pinned_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [re.split(r"[<>=]", line)[0] for line in project["project"]["dependencies"]]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert [name for name in wanted if f"\n{name}==" not in f"\n{locked}"] == []


def test_the_contract_of_metric_value_is_documented() -> None:
    tables = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert all(column in tables for column in METRIC_COLUMNS)


def test_help_of_every_command_says_something() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "journey_mining.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(command in listing for command in ("init", "run", "status", "simulate", "identity", "source"))


def test_every_fault_of_the_operations_page_has_its_test() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) >= 10
    assert named - defined == set()
