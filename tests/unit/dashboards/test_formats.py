from __future__ import annotations

from datetime import datetime

import pytest

from journey_mining.dashboards.formats import Formats, typography

RU, EN = Formats("ru"), Formats("en")
MOMENT = datetime(2026, 11, 22, 0, 40)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (RU.count(18832), "18\u202f832"),
        (EN.count(18832), "18,832"),
        (RU.share(0.084), "8,4\u00a0%"),
        (EN.share(0.084), "8.4%"),
        (RU.share_range(0.079, 0.088), "7,9–8,8\u00a0%"),
        (RU.share_range(-0.01, 1.2), "0,0–100,0\u00a0%"),
        (RU.points(0.027), "+2,7\u00a0п.\u00a0п."),
        (EN.points(-0.027), "−2.7\u00a0pp"),
        (RU.mood(-0.234), "−0,23"),
        (RU.mood(-0.001), "0,00"),
        (RU.mood_range(-0.23, -0.13), "−0,23…−0,13"),
        (RU.decimal(0.125, 2), "0,13"),
        (RU.days(0.05), "72\u00a0мин"),
        (RU.days(1.5), "36\u00a0ч"),
        (EN.days(0.0), "<\u00a01\u00a0min"),
        (EN.days_range(0.3, 0.5, near=0.33), "7–12\u00a0h"),
        (EN.days_range(0.3, 2.5, near=2.1), "0.3–2.5\u00a0d"),
        (EN.days_range(7.8, 8.8), "7.8–8.8\u00a0d"),
        (RU.days(6.44), "6,4\u00a0дн."),
        (EN.days(54.2), "54\u00a0d"),
        (RU.date(MOMENT), "22.11.2026"),
        (EN.date(MOMENT), "22\u00a0Nov 2026"),
        (RU.short_date(MOMENT), "22\u00a0нояб."),
        (RU.moment(MOMENT), "22.11.2026, 03:40\u00a0МСК"),
        (Formats("en", "Asia/Yekaterinburg").moment(MOMENT), "22\u00a0Nov 2026, 05:40\u00a0UTC+5"),
    ],
)
def test_numbers_and_dates_look_as_people_write_them(made: str, wanted: str) -> None:
    assert made == wanted


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(1, "клиент"), (2, "клиента"), (5, "клиентов"), (11, "клиентов"), (21, "клиент"), (112, "клиентов")],
)
def test_russian_nouns_agree_with_their_number(number: int, wanted: str) -> None:
    assert RU.plural(number, ["клиент", "клиента", "клиентов"]).endswith(f"\u00a0{wanted}")


def test_little_words_do_not_hang_at_the_end_of_a_line() -> None:
    assert typography("ушли из сегмента в 5 дней") == "ушли из\u00a0сегмента в\u00a05\u00a0дней"
