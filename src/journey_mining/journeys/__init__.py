"""From events of persons to journeys, stage episodes, segments and the stage of each voice.

In: `event`, `event_person`, `event_object`, `event_text`, `source_status` and the project's settings. Out: the
tables of layer 50 in docs/tables.md. All logic stands in `sql/50_journeys`; this package writes its parameters and
runs it.
"""

from __future__ import annotations

from journey_mining.journeys.build import build_journeys

__all__ = ["build_journeys"]
