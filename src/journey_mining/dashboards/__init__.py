"""The journey-map site: static pages in Russian and English, drawn from frozen pictures.

In: `Pictures`, the project, a stamp. Out: files. The only package that knows plotly.
"""

from __future__ import annotations

from journey_mining.dashboards.alarm_picture import alarm_picture
from journey_mining.dashboards.catalogue import words_of
from journey_mining.dashboards.change_words import alarm_row
from journey_mining.dashboards.formats import Language
from journey_mining.dashboards.paper import on_paper
from journey_mining.dashboards.scene import Scene, Stamp
from journey_mining.dashboards.site import draw_site, scene_of
from journey_mining.dashboards.status import RunStatus, write_status

__all__ = [
    "Language",
    "RunStatus",
    "Scene",
    "Stamp",
    "alarm_picture",
    "alarm_row",
    "draw_site",
    "on_paper",
    "scene_of",
    "words_of",
    "write_status",
]
