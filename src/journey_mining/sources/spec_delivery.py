"""How the files of a stream relate to each other, as a spec says it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from journey_mining.project.values import Strict
from journey_mining.sources.spec_values import Pattern, TimeFormat

_NOT_SHARED = ("datetime", "epoch", "decimal")
"""beginnings of types whose values hardly two rows share"""


class SoftDelete(Strict):
    """A record with one of these values counts as deleted at its source."""

    column: str
    """the column that says so"""
    values: tuple[str, ...]
    """what stands there then"""


class Delivery(Strict):
    """How files of the stream relate to each other."""

    mode: Literal["snapshot", "append", "upsert", "partition"] = "upsert"
    """what a later file means for an earlier one"""
    partition: str = ""
    """mode partition: the newest files that hold a value of this column replace all older rows of that value"""
    complete: bool = False
    """snapshots hold every record: what is absent from the newest one is deleted"""
    max_shrink: float = Field(default=0.2, ge=0, le=1)
    """a newest snapshot that lost a larger share of keys deletes nothing and is reported"""
    soft_delete: SoftDelete | None = None


class SnapshotAt(Strict):
    """When the file was drawn, read from its name."""

    filename_re: Pattern
    """pattern with one group, found in the name of the file"""
    format: TimeFormat = "%Y-%m-%d"
    """how the group is read, in the manner of strptime"""
    fallback: Literal["", "mtime"] = ""
    """mtime: where the name says nothing, the time at which the file was written last"""


def delivery_faults(rule: Delivery, partition_type: str, *, is_dated: bool) -> list[str]:
    """What a rule of delivery lacks; `is_dated`: whether the stream says when its files were drawn."""
    faults = []
    if (rule.mode == "partition" or rule.complete) and not is_dated:
        faults.append("deliveries that replace older ones (partition, complete) need snapshot_at")
    if (rule.mode == "partition") != bool(rule.partition):
        faults.append("mode 'partition' and the column in delivery.partition need each other")
    if rule.complete and rule.mode != "snapshot":
        faults.append("only deliveries of mode 'snapshot' can be complete")
    if partition_type.endswith("_list") or partition_type.startswith(_NOT_SHARED):
        faults.append(f"delivery.partition is a {partition_type}; it must be a day, or a value that many rows share")
    return faults
