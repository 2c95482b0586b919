"""Which table comes from which, from the files of the inbox up to what pages show.

In: the headers of the SQL models, and `lineage.toml` for tables that Python writes. Out: `Origin` values. Nothing here
depends on data: the same code has the same lineage.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from journey_mining.errors import ModelError
from journey_mining.maps.note_pictures import Origin
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse.models import Model, all_models, sql_root

_FILE = Path(__file__).with_name("lineage.toml")
_ROUNDS = "identity_rounds"
_WORK = frozenset({"blocked_node", "cut_tie", "identifier_kind", "identity_setting", "review_node"})
"""written and dropped again while people are told apart, as the models of `identity_rounds` are"""
_EVIDENCE = ("event", "event_identifier")
"""what all of these rest on"""
LAYERS = ("load", "events", "identity", "journeys", "paths", "scores", "gates", "change")
METRICS = "metric_value"


def origins(shown: Iterable[str]) -> tuple[Origin, ...]:
    """The tables that are shown and all that they come from, in the order of the line, then by name.

    Raises:
        ModelError: a table has neither a model nor a place in `lineage.toml`.
    """
    found: dict[str, Origin] = {}
    waiting = sorted(set(shown))
    while waiting:
        table = waiting.pop()
        if table not in found:
            found[table] = _origin(table)
            waiting.extend(found[table].reads)
    return tuple(sorted(found.values(), key=lambda origin: (LAYERS.index(origin.layer), origin.table)))


@cache
def estimand_tables() -> Mapping[str, tuple[str, ...]]:
    """The tables that each measure rests on, among those that `metric_value` reads.

    Raises:
        ModelError: a measure rests on nothing.
    """
    bases: dict[str, list[str]] = {str(estimand): [] for estimand in Estimand}
    for table, estimands in sorted(_written()["estimand"].items()):
        for estimand in estimands:
            bases[estimand].append(table)
    lonely = [estimand for estimand, tables in bases.items() if not tables]
    if lonely:
        raise _unknown(", ".join(lonely), "[estimand]")
    return {estimand: tuple(tables) for estimand, tables in bases.items()}


def _origin(table: str) -> Origin:
    model = all_models().get(table)
    if model is not None:
        return Origin(
            table=table, layer=model.layer, grain=model.grain, made_by=_path_of(model), reads=_kept(model.reads)
        )
    written = _written()["table"].get(table)
    if written is None:
        raise _unknown(table, "[table.…]")
    return Origin(
        table=table,
        layer=written["layer"],
        grain=written["grain"],
        made_by=f"src/journey_mining/{written['code']}",
        reads=tuple(sorted(written["reads"])),
    )


def _kept(reads: Iterable[str]) -> tuple[str, ...]:
    """Tables that are kept after the run; work tables of the identity step stand for the evidence they were made of."""
    models = all_models()
    kept: set[str] = set()
    for table in reads:
        is_work = table in _WORK or (table in models and models[table].layer == _ROUNDS)
        kept |= set(_EVIDENCE) if is_work else {table}
    return tuple(sorted(kept))


@cache
def _paths() -> Mapping[str, str]:
    root = sql_root()
    return {path.stem: f"sql/{path.relative_to(root).as_posix()}" for path in root.rglob("*.sql")}


def _path_of(model: Model) -> str:
    return _paths()[model.name]


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _unknown(what: str, place: str) -> ModelError:
    return ModelError(
        f"It is not known where {what} comes from.",
        expected=f"a model in sql/, or an entry in {place} of maps/lineage.toml.",
        todo="Add the module that writes it and the tables that it reads.",
    )
