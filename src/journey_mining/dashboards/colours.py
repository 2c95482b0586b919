"""Colours of the stages: the seven of the house, or as many as the project has, for both themes.

Out: the text of `assets/stages.css`. Digits stand on every mark, so colour is never the only carrier.
"""

from __future__ import annotations

import math

_LIGHT = ("#6B4592", "#6B67B9", "#3657A0", "#2F78B2", "#006587", "#028290", "#006B65")
_DARK = ("#B189DD", "#B5B5FF", "#7A9DE6", "#87C4FB", "#52ABCF", "#78CDDA", "#52B1A9")
_HUES = (305.0, 188.0)
_LIGHTNESS = {"light": (0.47, 0.555), "dark": (0.68, 0.79)}
_CHROMA = 0.11
_SLACK = 1e-4


def stage_styles(count: int) -> str:
    """CSS that defines --s1 to --s<count> for both themes."""
    light, dark = stage_colours(count, "light"), stage_colours(count, "dark")
    return (
        f":root {{ {_variables(light)} }}\n@media screen {{ :root[data-theme='dark'] {{ {_variables(dark)} }} }}\n"
        + "".join(f".s{number} {{ --c: var(--s{number}) }}\n" for number in range(1, count + 1))
    )


def stage_colours(count: int, theme: str) -> tuple[str, ...]:
    """Hex colours of the stages in order; neighbours differ in lightness as well as in hue.

    >>> stage_colours(2, "light")
    ('#6B4592', '#6B67B9')
    """
    named = _LIGHT if theme == "light" else _DARK
    if count <= len(named):
        return named[:count]
    first, last = _HUES
    return tuple(
        _hex(_LIGHTNESS[theme][place % 2], _CHROMA, first + (last - first) * place / (count - 1))
        for place in range(count)
    )


def _variables(colours: tuple[str, ...]) -> str:
    return " ".join(f"--s{number}: {colour};" for number, colour in enumerate(colours, start=1))


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The nearest sRGB colour to an OKLCH one, by lowering chroma until it fits."""
    while True:
        channels = _linear(lightness, chroma, math.radians(hue))
        if all(-_SLACK <= channel <= 1 + _SLACK for channel in channels) or chroma <= 0:
            return "#" + "".join(f"{round(255 * _gamma(channel)):02X}" for channel in channels)
        chroma -= 0.005


def _linear(lightness: float, chroma: float, angle: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB; the matrices are those of the definition of OKLab."""
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    channel = min(max(channel, 0.0), 1.0)
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055  # noqa: PLR2004
