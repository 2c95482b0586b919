"""Sources: exports of other systems, loaded once each, typed, and turned into events.

Stands between the inbox and identity. `load_inbox` fills the private database, `build_events` the published tables
`event`, `event_identifier`, `event_object`, `event_text`. A source is a folder (`spec.toml` and SQL), never Python.
"""

from __future__ import annotations

from journey_mining.sources.erasure import erase_loaded
from journey_mining.sources.events import build_events
from journey_mining.sources.forget import Act, Request, forget, read_requests
from journey_mining.sources.loader import LoadSummary, load_files, load_inbox
from journey_mining.sources.retention import drop_old_text
from journey_mining.sources.retry import Retried, retry_quarantine
from journey_mining.sources.spec import Source, load_source, load_sources
from journey_mining.sources.status import (
    LoadStatus,
    QuarantinedRow,
    SourceInfo,
    catalog_dir,
    check_specs,
    list_sources,
    load_status,
    loaded_inputs,
    read_quarantine,
)

__all__ = [
    "Act",
    "LoadStatus",
    "LoadSummary",
    "QuarantinedRow",
    "Request",
    "Retried",
    "Source",
    "SourceInfo",
    "build_events",
    "catalog_dir",
    "check_specs",
    "drop_old_text",
    "erase_loaded",
    "forget",
    "list_sources",
    "load_files",
    "load_inbox",
    "load_source",
    "load_sources",
    "load_status",
    "loaded_inputs",
    "read_quarantine",
    "read_requests",
    "retry_quarantine",
]
