"""Sentences of the importance of touchpoints, in both languages; each says that it proves no cause."""

from __future__ import annotations

CAUTION_RU = "Это связь, а не доказательство причины."
CAUTION_EN = "This is an association; it does not prove a cause."


def importance_sentences(name_ru: str, name_en: str, *, reach: float, points: float, won: float) -> tuple[str, str]:
    """What a row says, in Russian and in English; shares from 0 to 1.

    >>> importance_sentences("Тарифы", "Pricing", reach=0.57, points=0.11, won=0.14)[1].split(". ")[0]
    'Pricing: 57% of journeys meet it, and 11.0 of the 14.0% that reach the goal do'
    """
    russian = (
        f"{name_ru}: встречается в {_ru(reach, 0)} % путей; через неё проходят {_ru(points, 1)} из {_ru(won, 1)} %, "
        f"доходящих до цели. {CAUTION_RU}"
    )
    english = (
        f"{name_en}: {100 * reach:.0f}% of journeys meet it, and {100 * points:.1f} of the {100 * won:.1f}% that "
        f"reach the goal do. {CAUTION_EN}"
    )
    return russian, english


def placebo_sentences(*, reach: float, points: float, won: float) -> tuple[str, str]:
    """What the row of the placebo says, in Russian and in English; shares from 0 to 1."""
    russian = (
        f"Плацебо: точка, расставленная по жребию в {_ru(reach, 0)} % путей. Она ни на что не влияет, а получила бы "
        f"{_ru(points, 1)} из {_ru(won, 1)} %: столько даёт одно лишь присутствие в длинных путях."
    )
    english = (
        f"Placebo: a touchpoint put by lot into {100 * reach:.0f}% of journeys. It does nothing, and would still get "
        f"{100 * points:.1f} of the {100 * won:.1f}%: so much comes from merely being met on long journeys."
    )
    return russian, english


def _ru(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f}".replace(".", ",")
