"""The workbench of whoever adds a source: profiles of unknown files, drafts of source folders, dry runs, suggestions.

Stands beside loading and uses it as it is: what a dry run says is what a run will do. Nothing here writes to the
databases of a project.
"""

from __future__ import annotations

from journey_mining.sources.workbench.adopting import Adopted, adopt_sources, sources_to_start_with
from journey_mining.sources.workbench.check_report import SourceCheck, StreamCheck
from journey_mining.sources.workbench.checking import check_source
from journey_mining.sources.workbench.drafting import Draft, draft_source
from journey_mining.sources.workbench.suggesting import suggest_rules

__all__ = [
    "Adopted",
    "Draft",
    "SourceCheck",
    "StreamCheck",
    "adopt_sources",
    "check_source",
    "draft_source",
    "sources_to_start_with",
    "suggest_rules",
]
