"""The warehouse: the only door to the engine. Models come in, tables go out.

Stands under everything that reads or writes tables. `protocol` says what an engine must do, `models` reads the SQL
files, `duckdb_warehouse` is the embedded engine, `checks` runs the checks that guard publishing.
"""

from __future__ import annotations

from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse
from journey_mining.warehouse.models import Model, layer_models, model_named, parse_model
from journey_mining.warehouse.protocol import Warehouse

__all__ = ["DuckDBWarehouse", "Model", "Warehouse", "layer_models", "model_named", "parse_model"]
