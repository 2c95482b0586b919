"""Pictures as values: what every page draws, with nothing in it that may not be shown.

In: the published tables and the project. Out: `Pictures`. No plotly, no HTML.
"""

from __future__ import annotations

from journey_mining.maps.freeze import freeze_pictures
from journey_mining.maps.pictures import Pictures

__all__ = ["Pictures", "freeze_pictures"]
