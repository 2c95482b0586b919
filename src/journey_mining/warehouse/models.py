"""SQL models: find the files, read their headers, put them in the order they need.

In: `sql/<layer>/*.sql` (inside the wheel `journey_mining/_sql`). Out: `Model` values for a warehouse to build.
A header is plain comments, so that every file runs in any client:

    -- model: journey_step
    -- layer: journeys
    -- grain: one row per event inside a journey
    -- key: journey_id, step_no
    -- reads: person_event
    -- why: numbers the steps once, so that every later model agrees on order and on ties
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from journey_mining.errors import ModelError

_HEADER_LINE = re.compile(r"^-- (?P<field>[a-z_]+): (?P<value>.+)$")
_REQUIRED = ("model", "layer", "grain", "key", "reads", "why")
_KNOWN = frozenset({*_REQUIRED, "not_null", "severity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One select with the promises of its header."""

    name: str
    """name of the file and of the table"""
    layer: str
    """events, identity, journeys, paths, scores, change or checks"""
    grain: str
    """what one row is"""
    key: tuple[str, ...]
    """columns that are unique together; empty for 'none'"""
    reads: tuple[str, ...]
    """tables the select reads"""
    why: str
    """why the model exists"""
    not_null: tuple[str, ...] = ()
    """columns that may not be null"""
    severity: str = "error"
    """for checks: error stops publishing, warn is reported"""
    sql: str
    """the select, without a closing semicolon"""


def sql_root() -> Path:
    """Folder of the SQL models: inside the installed package, or at the top of a checkout."""
    packaged = Path(__file__).resolve().parent.parent / "_sql"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "sql"


def parse_model(text: str, *, name: str) -> Model:
    """Read one model.

    Raises:
        ModelError: a header field is missing or unknown, or the name differs from the file's.
    """
    fields: dict[str, str] = {}
    for line in text.splitlines():
        match = _HEADER_LINE.match(line)
        if match is None:
            break
        fields[match["field"]] = match["value"].strip()
    missing = [field for field in _REQUIRED if field not in fields]
    unknown = sorted(set(fields) - _KNOWN)
    if missing or unknown or fields.get("model") != name:
        raise ModelError(
            f"The header of {name}.sql lacks {missing}, has unknown {unknown}, or names another model.",
            expected=f"lines '-- field: value' for {', '.join(_REQUIRED)}, and model: {name}.",
            todo="Correct the comment lines at the top of the file.",
        )
    body = "\n".join(line for line in text.splitlines() if not line.startswith("-- ")).strip()
    return Model(
        name=name,
        layer=fields["layer"],
        grain=fields["grain"],
        key=_names(fields["key"]),
        reads=_names(fields["reads"]),
        why=fields["why"],
        not_null=_names(fields.get("not_null", "none")),
        severity=fields.get("severity", "error"),
        sql=body.rstrip().rstrip(";"),
    )


@cache
def all_models() -> dict[str, Model]:
    """Every shipped model by name.

    Raises:
        ModelError: two files share a name, or a header is wrong.
    """
    models: dict[str, Model] = {}
    for path in sorted(sql_root().rglob("*.sql")):
        if path.stem in models:
            raise ModelError(
                f"Two models are called {path.stem}.",
                expected="file names that are unique in the whole tree.",
                todo=f"Rename {path.name} in {path.parent.name}.",
            )
        models[path.stem] = parse_model(path.read_text(encoding="utf-8"), name=path.stem)
    return models


def model_named(name: str) -> Model:
    """The shipped model of that name.

    Raises:
        ModelError: there is none.
    """
    try:
        return all_models()[name]
    except KeyError as missing:
        raise ModelError(
            f"There is no model {name!r}.",
            expected=f"one of {', '.join(sorted(all_models()))}.",
            todo="Correct the name.",
        ) from missing


def layer_models(layer: str) -> list[Model]:
    """Models of a layer, each after those of the same layer that it reads; ties by name.

    Raises:
        ModelError: models read each other in a circle.
    """
    return in_order({m.name: m for m in all_models().values() if m.layer == layer}, where=f"layer {layer}")


def in_order(models: Mapping[str, Model], *, where: str) -> list[Model]:
    """Models by the name of their table, each after those that it reads; ties by name.

    Raises:
        ModelError: models read each other in a circle, or one reads itself.
    """
    waiting = dict(models)
    ordered: list[Model] = []
    while waiting:
        ready = sorted(n for n, m in waiting.items() if not set(m.reads) & set(waiting))
        if not ready:
            raise ModelError(
                f"Models of {where} read each other in a circle: {sorted(waiting)}.",
                expected="reads that form no circle.",
                todo="Break the circle; move a select into a model of its own.",
            )
        ordered.extend(waiting.pop(n) for n in ready)
    return ordered


def _names(value: str) -> tuple[str, ...]:
    return () if value == "none" else tuple(part.strip() for part in value.split(","))
