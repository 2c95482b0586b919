"""The rows of importance and opportunity of a map: what hangs on touchpoints, and what fewer losses would bring."""

from __future__ import annotations

from typing import Any

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import Gain, SegmentMap, StageColumn, Weight
from journey_mining.maps.numbers import Standing

WEIGHTS_SHOWN = 2
"""touchpoints in a cell; the table below the map has all"""


def weight_cell(scene: Scene, column: StageColumn) -> dict[str, Any]:
    """The touchpoints of a stage on which most hangs."""
    shown = column.weights[:WEIGHTS_SHOWN]
    return {"items": [_weight(scene, item) for item in shown], "more": len(column.weights) - len(shown)}


def _weight(scene: Scene, item: Weight) -> dict[str, Any]:
    words, shown = scene.words.plain, scene.shown(item.effect, digits=0)
    reach = scene.formats.share(item.reach, 0) if item.reach is not None else words("worth.reach_hidden")
    is_sure = item.rank_low == item.rank_high
    return {
        "name": scene.name(item.name),
        "rank": words("worth.rank", rank=item.rank, ranked=item.ranked),
        "rank_range": "" if is_sure else words("worth.rank_range", low=item.rank_low, high=item.rank_high),
        "shown": shown,
        "says": words("worth.passes", share=shown.text) if shown.is_full else "",
        "title": words("worth.passes_long", share=shown.text, range=shown.range, reach=reach) if shown.is_full else "",
        "bar": _bar(item),
        "mark": _mark(item),
    }


def _mark(item: Weight) -> str:
    """What is to be said of a touchpoint besides its rank."""
    if item.is_moment_of_truth:
        return "moment"
    return "placebo" if item.is_like_placebo else ""


def _bar(item: Weight) -> dict[str, float] | None:
    """Where bar and interval stand, in percent of the cell; None where the number is not shown."""
    low, high = item.effect.low, item.effect.high
    if low is None or high is None:
        return None
    return {
        "value": round(100 * (item.effect.estimate or 0.0), 1),
        "left": round(100 * low, 1),
        "width": round(100 * (high - low), 1),
    }


def gain_cell(scene: Scene, column: StageColumn) -> dict[str, Any] | None:
    """What a stage could bring a quarter, against a target where one is declared; None without a reference."""
    return _gain(scene, column.gains[0]) if column.gains else None


def _gain(scene: Scene, gain: Gain) -> dict[str, Any]:
    words, amount = scene.words.plain, gain.amount
    is_known = amount.standing in (Standing.FULL, Standing.THIN)
    base = scene.shown(amount).base if is_known else ""
    shown = scene.shown(amount)
    return {
        "state": str(amount.standing),
        "text": money(scene, amount.estimate, gain.currency) if amount.is_full else shown.text,
        "title": shown.title,
        "range": _range(scene, gain) if is_known else "",
        "base": base,
        "is_proven": gain.is_proven and amount.is_full,
        "is_nothing": amount.is_full and gain.excess <= 0,
        "against": words(f"worth.against_{gain.reference_kind}"),
        "formula": _formula(scene, gain) if gain.excess > 0 else "",
    }


def money(scene: Scene, value: float | None, currency: str) -> str:
    """An amount with two digits: money, or purchases where the project has no amounts."""
    if value is None:
        return "—"
    if currency:
        return scene.words.plain("worth.money", amount=scene.formats.about(value), currency=currency)
    forms = scene.words.forms("purchases_forms")
    return f"{scene.formats.about(value)} {forms[-1]}"


def _range(scene: Scene, gain: Gain) -> str:
    low, high = gain.amount.low, gain.amount.high
    if low is None or high is None:
        return ""
    ends = f"{scene.formats.about(low)}–{money(scene, high, gain.currency)}"
    return scene.words.plain("worth.gain_range", range=ends)


def _formula(scene: Scene, gain: Gain) -> str:
    """The three factors; empty where the number of entries is hidden."""
    if gain.reach is None or gain.value is None:
        return ""
    entries = f"{scene.formats.about(gain.reach)} {scene.words.forms('entries_forms')[-1]}"
    return scene.words.plain(
        "worth.formula",
        reach=entries,
        excess=scene.formats.points(gain.excess).lstrip("+"),
        value=money(scene, gain.value, gain.currency) if gain.currency else scene.formats.decimal(gain.value, 2),
    )


def weight_rows(scene: Scene, picture: SegmentMap) -> list[list[Any]]:
    """All ranked touchpoints of a segment, for the table and the CSV file."""
    ranked = [(item, column) for column in picture.columns for item in column.weights]
    return [
        [
            scene.name(item.name),
            scene.name(column.stage.name),
            item.rank,
            item.rank_low,
            item.rank_high,
            *(_short(value) for value in (item.effect.estimate, item.effect.low, item.effect.high)),
            scene.words.plain(f"worth.{_mark(item)}") if _mark(item) else "",
        ]
        for item, column in sorted(ranked, key=lambda pair: (pair[0].rank, pair[0].touchpoint))
    ]


def weight_table(scene: Scene, picture: SegmentMap) -> list[dict[str, Any]]:
    """The same as words."""
    ranked = [(item, column) for column in picture.columns for item in column.weights]
    return [
        _weight(scene, item) | {"stage": column.stage, "stage_name": scene.name(column.stage.name)}
        for item, column in sorted(ranked, key=lambda pair: (pair[0].rank, pair[0].touchpoint))
    ]


def gain_table(scene: Scene, picture: SegmentMap) -> list[dict[str, Any]]:
    """Every opportunity of a segment as words."""
    return [
        _gain(scene, gain) | {"stage": column.stage, "stage_name": scene.name(column.stage.name)}
        for column in picture.columns
        for gain in column.gains
    ]


def gain_rows(scene: Scene, picture: SegmentMap) -> list[list[Any]]:
    """Every opportunity of a segment for the CSV file, with no more digits than the page has."""
    return [
        [
            scene.name(column.stage.name),
            scene.words.plain(f"worth.against_{gain.reference_kind}"),
            *(_rounded(value) for value in (gain.amount.estimate, gain.amount.low, gain.amount.high)),
            gain.currency,
            gain.amount.customers,
            _rounded(gain.reach),
            gain.excess,
            _rounded(gain.value),
            scene.words.plain("trends.yes" if gain.is_proven else "trends.no"),
        ]
        for column in picture.columns
        for gain in column.gains
    ]


def _short(value: float | None) -> float | None:
    """A share to a tenth of a percent."""
    return None if value is None else round(value, 3)


def _rounded(value: float | None) -> float | None:
    """Two digits, as a number."""
    return None if value is None else float(f"{value:.2g}")
