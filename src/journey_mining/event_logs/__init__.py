"""Journeys as event logs for other tools: flat (XES, CSV, Parquet) and object-centric (OCEL 2.0).

In: a published project. Out: one file. What segments are too small to be shown is in no log either.
"""

from __future__ import annotations

from journey_mining.event_logs.cases import LogLevel
from journey_mining.event_logs.export import LogFormat, LogSummary, export_log

__all__ = ["LogFormat", "LogLevel", "LogSummary", "export_log"]
