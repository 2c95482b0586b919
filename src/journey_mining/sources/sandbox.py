"""The SQL of a source folder, before it runs: one select that reads its own staged tables and opens nothing.

The engine forbids files and attaching as well (`forbid_external_access`); this check comes first because it can say
what is wrong in the words of the person who wrote the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from journey_mining.errors import ModelError, SpecError, did_you_mean
from journey_mining.sources.spec import Source, model_table, staging_name
from journey_mining.warehouse import Model, parse_model
from journey_mining.warehouse.duckdb_warehouse import is_warehouse_fault, without_values
from journey_mining.warehouse.models import in_order

_FORBIDDEN_WORDS = (
    "read_",
    "glob",
    "sniff_csv",
    "query",
    "getenv",
    "parquet_",
    "duckdb_",
    "pragma_",
    "current_setting",
    "json_execute",
    "from_substrait",
    "which_secret",
)
_NEVER_THE_SAME = frozenset(
    {
        *("random", "rand", "randn", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "nextval", "currval"),
        *("now", "today", "current_date", "current_time", "current_timestamp", "current_datetime"),
        *("localtime", "localtimestamp", "current_localtime", "current_localtimestamp"),
        *("get_current_time", "get_current_timestamp", "transaction_timestamp", "txid_current", "pg_backend_pid"),
        *("current_connection_id", "current_transaction_id", "current_query_id"),
    }
)
_TELLS_VALUES = frozenset({"error"})


def readable_tables(source: Source) -> dict[str, str]:
    """Tables that the source's SQL may read, and their stream.

    Each stream, its versions, each of its list columns as rows; and the source's own models, which are of no stream.
    """
    names: dict[str, str] = {}
    for stream in source.streams:
        table = staging_name(source.id, stream.id)
        names[table] = stream.id
        names[f"{table}__version"] = stream.id
        for name, column in stream.columns.items():
            if column.is_list:
                names[f"{table}__{name}"] = stream.id
    return names | {model_table(source.id, name): "" for name in source.models}


def checked_model(source: Source, name: str) -> Model:
    """The select of `<name>.sql`, found harmless.

    Raises:
        SpecError: the header is wrong, it is not one select, or it reads what is not the source's own.
    """
    return _checked(source, source.sql[name], name=name, where=f"{source.folder.name}/{name}.sql")


def checked_models(source: Source) -> dict[str, Model]:
    """The selects of `models/*.sql`, found harmless, by the name of their table; each after those that it reads.

    Raises:
        SpecError: a header is wrong, one is not one select, one reads what is not the source's own, or they read
            each other in a circle.
    """
    folder = f"{source.folder.name}/models"
    models = {
        model_table(source.id, name): _checked(source, text, name=name, where=f"{folder}/{name}.sql")
        for name, text in source.models.items()
    }
    tables = {model.name: table for table, model in models.items()}
    with _told_of_source():
        return {tables[model.name]: model for model in in_order(models, where=folder)}


def checked_check(source: Source, name: str) -> Model:
    """The select of `checks/<name>.sql`, found harmless.

    Raises:
        SpecError: the header is wrong, it is not one select, or it reads what is not the source's own.
    """
    return _checked(source, source.checks[name], name=name, where=f"{source.folder.name}/checks/{name}.sql")


@contextmanager
def spoken_of(where: str) -> Iterator[None]:
    """Faults of the engine over the SQL at `where`, told without values.

    Raises:
        SpecError: the engine cannot run it.
    """
    try:
        yield
    except Exception as fault:
        if not is_warehouse_fault(fault):
            raise
        raise SpecError(
            f"{where} failed: {without_values(fault)}.",
            expected="a select that the engine can run over the staged tables.",
            todo="Correct the SQL; `journey source check` runs it without loading anything.",
        ) from fault


@contextmanager
def _told_of_source() -> Iterator[None]:
    """Faults of models as faults of the source: they are its author's, not this product's."""
    try:
        yield
    except ModelError as fault:
        raise SpecError(fault.what, expected=fault.expected, todo=fault.todo) from fault


def _checked(source: Source, text: str, *, name: str, where: str) -> Model:
    with _told_of_source():
        model = parse_model(text, name=name)
    tree = _one_select(model.sql, where)
    _refuse_names(tree, where)
    read = tables_read(tree)
    allowed = sorted(readable_tables(source))
    foreign = sorted(read - set(allowed))
    if foreign:
        raise SpecError(
            f"{where} reads {', '.join(foreign)}.{did_you_mean(foreign[0], allowed)}",
            expected=f"its own staged tables and models: {', '.join(allowed)}.",
            todo="Correct the name of the table, or add the stream to spec.toml.",
        )
    if read != set(model.reads):
        raise SpecError(
            f"The header of {where} says that it reads {sorted(model.reads)}; the select reads {sorted(read)}.",
            expected="both to name the same tables.",
            todo="Correct the line '-- reads:'.",
        )
    _refuse_calls(tree, where)
    return model


def tables_read(tree: exp.Query) -> set[str]:
    """Names of the tables that a select reads, its own common table expressions left out where they are in sight."""
    # a qualified name is never one of ours, so that it is kept whole and refused
    return {_full(table) for table in tree.find_all(exp.Table) if table.db or not _is_own(table)}


def _is_own(table: exp.Table) -> bool:
    """Whether the name is one of a common table expression that reaches to this place."""
    below: exp.Expr = table
    above = table.parent
    while above is not None:
        if isinstance(above, exp.With):
            # an expression sees those before it, not itself: with its own name it means the table
            sight = list(takewhile(lambda cte: cte is not below, above.expressions))  # noqa: B023 - used up at once
        else:
            found = above.args.get("with_")
            sight = found.expressions if found is not None and found is not below else []
        if any(cte.alias_or_name == table.name for cte in sight):
            return True
        below, above = above, above.parent
    return False


def _full(table: exp.Table) -> str:
    return ".".join(part.name for part in table.parts) if table.name else table.sql()


def _one_select(sql: str, where: str) -> exp.Query:
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as fault:
        raise SpecError(
            f"{where} cannot be parsed: {str(fault).splitlines()[0]}.",
            expected="one select statement.",
            todo="Correct the SQL at that place.",
        ) from fault
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        kinds = [tree.key for tree in trees]
        raise SpecError(
            f"{where} holds {len(trees)} statements ({', '.join(kinds) or 'nothing'}).",
            expected="exactly one select.",
            todo="Keep the select and remove the rest.",
        )
    return trees[0]


def _refuse_names(tree: exp.Query, where: str) -> None:
    """Names that could be mistaken for tables of others, and selects that read themselves."""
    staged = sorted(cte.alias for cte in tree.find_all(exp.CTE) if cte.alias.lower().startswith(("stg_", "int_")))
    is_recursive = any(found.args.get("recursive") for found in tree.find_all(exp.With))
    if staged or is_recursive:
        what = f"calls a part of its own {', '.join(staged)}" if staged else "uses with recursive"
        raise SpecError(
            f"{where} {what}.",
            expected="parts (with ... as) that do not read themselves and whose names do not begin with stg_ or int_.",
            todo="Rename the part, or write it without recursion.",
        )


def _refuse_calls(tree: exp.Query, where: str) -> None:
    names = {
        (call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower() for call in tree.find_all(exp.Func)
    }
    _refuse_chance(tree, names, where)
    bad = sorted(name for name in names if name.startswith(_FORBIDDEN_WORDS) or name in _TELLS_VALUES)
    if bad or any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        what = f"calls {', '.join(bad)}" if bad else "selects *"
        raise SpecError(
            f"{where} {what}.",
            expected="named columns of staged tables, and functions that touch nothing else.",
            todo="Name the columns; let the spec read files.",
        )


def _refuse_chance(tree: exp.Query, names: set[str], where: str) -> None:
    chance = sorted(names & _NEVER_THE_SAME)
    chance += ["age of one time"] if any(_is_age_of_one(call) for call in tree.find_all(exp.Anonymous)) else []
    chance += ["a sample"] if tree.find(exp.TableSample) else []
    if chance:
        raise SpecError(
            f"{where} calls {', '.join(chance)}.",
            expected="the same events from the same files, whenever and however often it runs.",
            todo="Use the times and ids of the rows; the time of the run is in no event.",
        )


def _is_age_of_one(call: exp.Anonymous) -> bool:
    """Age of a single time counts from today."""
    return call.name.lower() == "age" and len(call.expressions) == 1
