"""One way of finding connected identifiers in one world of ties; prints what it found as JSON.

    python benchmarks/identity/contenders.py ours build/bench/ties_1000000.parquet

All begin with observations in a Parquet file, make each pair one edge, cut the same hubs (identifiers that stand with
more than a thousand others) and end with a table of (identifier, component) in the engine. Found are the number of
components, of identifiers, and sums over components that tell one partition from another.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

Found = dict[str, Any]
HUB = 1_000
_EDGES = """
create table edge as
with pair as (
    select distinct greatest(a, b) as far_no, least(a, b) as near_no from read_parquet('{file}')
), hub as (
    select node_no from (select far_no as node_no from pair union all select near_no from pair)
    group by node_no having count(*) > {hub}
)
select far_no, near_no from pair
where far_no not in (select node_no from hub) and near_no not in (select node_no from hub)
"""
_FOUND = """
select count(*), sum(member_count)::bigint, sum(member_count * member_count)::varchar, sum(label)::varchar from (
    select min({member}) as label, count(*)::hugeint as member_count from {table} group by {label}
)
"""


def _edges_sql(file: str) -> str:
    return _EDGES.format(file=file, hub=HUB)


def _found_sql(table: str, member: str, label: str) -> str:
    return _FOUND.format(table=table, member=member, label=label)


def _told(row: Any) -> Found:
    return dict(zip(("components", "identifiers", "squares", "labels"), row, strict=True))


def ours(file: str) -> Found:
    """The rounds of journey_mining (identity/components.py): models in SQL, repeated to their fixed point."""
    from journey_mining.identity.components import label_components
    from journey_mining.warehouse import DuckDBWarehouse

    with DuckDBWarehouse() as warehouse:
        warehouse.execute("set threads = 2")
        warehouse.execute(_edges_sql(file))
        warehouse.rename("edge", "bridge_edge")
        label_components(warehouse)
        return _told(warehouse.execute(_found_sql("component_label", "member_no", "label_no"))[0])


def _connected(file: str) -> Any:
    """The engine of the others, with the same edges."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute(_edges_sql(file)).fetchall()
    return connection


def scipy_components(file: str) -> Found:
    """scipy's connected_components; identifiers are numbered for it, and their names given back, in the engine."""
    import numpy as np
    import pyarrow as pa

    connection = _connected(file)
    connection.execute(
        "create table node as select id, (row_number() over () - 1)::integer as no "
        "from (select far_no as id from edge union select near_no from edge)"
    )
    ends = connection.sql(
        "select far_node.no as far_no, near_node.no as near_no from edge "
        "join node as far_node on far_node.id = edge.far_no join node as near_node on near_node.id = edge.near_no"
    ).fetchnumpy()
    labels = _scipy_labels(ends["far_no"], ends["near_no"])
    table = pa.table({"no": np.arange(len(labels), dtype=np.int32), "label": labels})
    connection.register("numbered", table)
    connection.execute("create table component as select id, label from node join numbered using (no)").fetchall()
    return _told(connection.execute(_found_sql("component", "id", "label")).fetchall()[0])


def _scipy_labels(far: Any, near: Any) -> Any:
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = int(max(far.max(), near.max())) + 1
    graph = coo_matrix((np.ones(len(far), np.int8), (far, near)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def using_key(file: str) -> Found:
    """The engine's recursive query with USING KEY, which spreads the smallest label along the edges."""
    connection = _connected(file)
    connection.execute(
        "create table way as select far_no as a, near_no as b from edge union select near_no, far_no from edge"
    )
    connection.execute(
        "create table component as with recursive reached(id, label) using key (id) as ("
        "select a, least(a, min(b)) from way group by a union ("
        "select here.id, min(there.label) from recurring.reached as here join way on way.a = here.id "
        "join reached as there on there.id = way.b where there.label < here.label group by here.id)) "
        "select id, label from reached"
    ).fetchall()
    return _told(connection.execute(_found_sql("component", "id", "label")).fetchall()[0])


def splink_clusters(file: str) -> Found:
    """splink's clustering of pairwise predictions, of which each edge is a sure one."""
    import logging

    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    logging.disable(logging.CRITICAL)
    connection = _connected(file)
    connection.execute("create table nodes as select far_no as id from edge union select near_no from edge").fetchall()
    connection.execute("create table pairs as select far_no as id_l, near_no as id_r from edge").fetchall()
    clusters = cluster_pairwise_predictions_at_threshold(
        "nodes",
        "pairs",
        DuckDBAPI(connection=connection),
        node_id_column_name="id",
        edge_id_column_name_left="id_l",
        edge_id_column_name_right="id_r",
    )
    return _told(connection.execute(_found_sql(clusters.physical_name, "id", "cluster_id")).fetchall()[0])


CONTENDERS = {
    "ours": ours,
    "scipy": scipy_components,
    "using_key": using_key,
    "splink": splink_clusters,
}


def stop_after(cpu_seconds: float) -> None:
    """End this process, with that as what was found, once it has used so much; for what would not end today."""

    def watch() -> None:
        while time.process_time() < cpu_seconds:
            time.sleep(0.2)
        print(json.dumps({"stopped_after_cpu_seconds": cpu_seconds}), flush=True)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if limit := os.environ.get("BENCH_CPU_SECONDS"):
        stop_after(float(limit))
    print(json.dumps(CONTENDERS[sys.argv[1]](str(Path(sys.argv[2])))))
