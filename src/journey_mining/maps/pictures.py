"""The values that every page draws: plain, frozen, complete. No HTML, no plotly, no wording but names.

Whatever stands here may be shown; what must not be shown is absent already. All pages take their numbers from the
same values, so numbers agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journey_mining.maps.compare_pictures import SegmentComparison
from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.note_pictures import DataNotes
from journey_mining.maps.numbers import Limits
from journey_mining.maps.path_pictures import SegmentPaths
from journey_mining.maps.stage_pictures import StagePicture
from journey_mining.maps.trend_pictures import Trends
from journey_mining.maps.what_if_pictures import WhatIf


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Everything the site draws."""

    title: str
    as_of: datetime
    observed_from: datetime | None
    limits: Limits
    stages: tuple[StageHead, ...]
    segments: tuple[SegmentHead, ...]
    """"all" first, then in the order of the project, then "unknown" """
    maps: tuple[SegmentMap, ...]
    paths: tuple[SegmentPaths, ...]
    stage_pages: tuple[tuple[StagePicture, ...], ...]
    """by segment in the order of `maps`, and by stage"""
    what_ifs: tuple[WhatIf, ...]
    comparisons: tuple[SegmentComparison, ...]
    trends: Trends
    notes: DataNotes
