"""Rows of the working tables that the identity models read."""

from __future__ import annotations

import pyarrow as pa
import pytest

from journey_mining.warehouse import DuckDBWarehouse, Warehouse
from support import NOON, given

_TEXT = pa.string()


class IdentityRows:
    """Writes small working tables."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def nodes(self, *nodes: tuple[int, str, int, int, bool]) -> None:
        """Identifiers as (node_no, kind, trust, level, is_naming); the value is the number with a v in front."""
        rows = [
            (n, kind, f"v{n}", trust, level, naming, 1, NOON, NOON, None) for n, kind, trust, level, naming in nodes
        ]
        columns = "node_no kind value trust level is_naming event_count first_seen_at last_seen_at blocked_reason"
        given(self.warehouse, "identifier_node", columns, rows, blocked_reason=_TEXT)

    def star(self, *edges: tuple[int, int]) -> None:
        """Clear edges of one CRM event each, as (node_no, anchor_no)."""
        rows = [(node, anchor, "crm", 1, 1, 1, 0, NOON, NOON) for node, anchor in edges]
        columns = (
            "node_no anchor_no source event_count clear_count counted_count merge_count first_seen_at last_seen_at"
        )
        given(self.warehouse, "star_edge", columns, rows)

    def blocked(self, *nodes: tuple[int, str]) -> None:
        given(self.warehouse, "blocked_node", "node_no reason", nodes, node_no=pa.int64(), reason=_TEXT)

    def no_cuts(self) -> None:
        """Nothing was cut, and no device was handed over."""
        columns = "node_no span_no group_no from_at until_at"
        types = {
            **dict.fromkeys(("node_no", "span_no", "group_no"), pa.int64()),
            "from_at": pa.timestamp("us"),
            "until_at": pa.timestamp("us"),
        }
        given(self.warehouse, "device_span", columns, [], **types)
        given(self.warehouse, "cut_tie", "low_no high_no reason", [], low_no=pa.int64(), high_no=pa.int64())

    def groups(self, groups: dict[int, int]) -> None:
        given(self.warehouse, "identity_group", "node_no group_no", list(groups.items()))

    def level(self, level: int) -> None:
        given(self.warehouse, "identity_setting", "level fan_out_cap review_cap address_cap", [(level, 2, 2, 2)])

    def numbers(self, table: str, columns: str, *rows: tuple[int, ...]) -> None:
        """A table of whole numbers."""
        given(self.warehouse, table, columns, rows, **dict.fromkeys(columns.split(), pa.int64()))

    def events(self, *events: tuple[str, str | None]) -> None:
        """Events of the CRM at noon, as (event_id, exclude)."""
        rows = [(event_id, "crm", NOON, exclude, "visit") for event_id, exclude in events]
        given(self.warehouse, "event", "event_id source occurred_at exclude event_kind", rows, exclude=_TEXT)

    def identifiers(self, *identifiers: tuple[str, str, str, str | None]) -> None:
        """Identifiers of events as (event_id, kind, value, blocked_reason)."""
        columns = "event_id kind value blocked_reason"
        given(self.warehouse, "event_identifier", columns, identifiers, blocked_reason=_TEXT)


@pytest.fixture
def rows(warehouse: DuckDBWarehouse) -> IdentityRows:
    return IdentityRows(warehouse)
