"""The picture of an alarm: its chart of the trends page as an SVG of its own, for messages.

In: a scene and an alarm. Out: SVG with its colours and words inside, since whoever opens it has no style sheet.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from journey_mining.dashboards.change_words import alarm_row
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.trend_lines import Scale, line_svg, scale_of
from journey_mining.maps.trend_pictures import AlarmNote, CohortTrend

_WIDTH, _HEIGHT = 720, 320
_LEFT, _TOP, _WIDE, _HIGH = 64, 84, 632, 176
"""the box of the line; what lies around it are words"""
_STYLE = (
    "text{font:13px 'Inter','Segoe UI','Noto Sans','DejaVu Sans',sans-serif;fill:#465264}.h{font-size:16px;"
    "font-weight:600;fill:#17202C}path{fill:none;vector-effect:non-scaling-stroke}.line{stroke:#1F56C3;stroke-width:2}"
    ".band{fill:#1F56C3;fill-opacity:.14}.span{stroke:#1F56C3;stroke-opacity:.4}.dots{stroke:#1F56C3;stroke-width:6;"
    "stroke-linecap:round}.thin{stroke:#7A8699;stroke-width:4}.base{stroke:#616D80;stroke-dasharray:4 3}"
    ".alarm{stroke:#C2410C;stroke-width:2;stroke-dasharray:2 2}"
)
"""the light colours of app.css"""


def alarm_picture(scene: Scene, alarm: AlarmNote) -> str:
    """The shares by week of entry, their usual value and where the change began; empty where no week may be drawn."""
    cohort = _cohort(scene, alarm)
    scale = scale_of(cohort.points, (cohort.baseline,)) if cohort else None
    if cohort is None or scale is None:
        return ""
    words, formats = scene.words.plain, scene.formats
    title = words(f"trends.{alarm.direction}_at", stage=scene.name(alarm.stage.name))
    note = words("trends.cohort_note", horizon=scene.horizon(cohort.horizon_days), usual=formats.share(cohort.baseline))
    parts = [
        Markup("<title>{}</title>").format(alarm_row(scene, alarm)["says"]),
        Markup("<style>{}</style>").format(Markup(_STYLE)),  # noqa: S704 - our own constant
        Markup('<rect width="{}" height="{}" fill="#FFFFFF"/>').format(_WIDTH, _HEIGHT),
        _text(16, 30, f"{scene.name(alarm.segment.name)} · {title}", css="h"),
        _text(16, 54, note),
        Markup('<svg x="{}" y="{}" width="{}" height="{}">{}</svg>').format(
            _LEFT, _TOP, _WIDE, _HIGH, line_svg(cohort.points, scale, baseline=cohort.baseline)
        ),
        *_began(scene, alarm, scale),
        _text(_LEFT - 8, _TOP + 12, formats.share(min(scale.high, 1.0), 0), anchor="end"),
        _text(_LEFT - 8, _TOP + _HIGH, formats.share(max(scale.low, 0.0), 0), anchor="end"),
        _text(_LEFT, _TOP + _HIGH + 22, formats.short_date(scale.start)),
        _text(_LEFT + _WIDE, _TOP + _HIGH + 22, formats.short_date(scale.end), anchor="end"),
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{scene.language}" {size}>{"".join(parts)}</svg>\n'


def _cohort(scene: Scene, alarm: AlarmNote) -> CohortTrend | None:
    return next(
        (
            cohort
            for item in scene.pictures.trends.segments
            if item.segment.id == alarm.segment.id
            for cohort in item.cohorts
            if (cohort.stage.id, cohort.direction) == (alarm.stage.id, alarm.direction)
        ),
        None,
    )


def _began(scene: Scene, alarm: AlarmNote, scale: Scale) -> list[Markup]:
    """Where the change began, if the box holds that day."""
    if not scale.holds(alarm.started_on):
        return []
    x = round(_LEFT + scale.x(alarm.started_on) / 100 * _WIDE, 1)
    says = f"{scene.words.plain('trends.key_alarm')}: {scene.formats.short_date(alarm.started_on)}"
    is_right = x > _LEFT + _WIDE / 2
    return [
        Markup('<path class="alarm" d="M{},{}v{}"/>').format(x, _TOP, _HIGH),
        _text(x, _HEIGHT - 14, says, anchor="end" if is_right else "start"),
    ]


def _text(x: float, y: float, words: str, *, css: str = "", anchor: str = "start") -> Markup:
    return Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(x, y, css, anchor, escape(words))
