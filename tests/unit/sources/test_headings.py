from __future__ import annotations

import pytest

from journey_mining.sources.headings import fold, match_headings, missing_words
from journey_mining.sources.spec import Stream
from journey_mining.sources.spec_column import Column


def stream(**columns: dict[str, object]) -> Stream:
    typed = {name: Column.model_validate(column) for name, column in columns.items()}
    return Stream(id="s", files=("*.csv",), format="csv", key=(next(iter(columns)),), columns=typed)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Cчет на предоплату", "Счет на предоплату"),  # a LATIN C, as Bitrix24 ships it
        ("Счёт", "счет"),
        ("\ufeffID ", "id"),
        ("Дата\u00a0создания", "Дата  создания"),
        ("Рабочий E-MAIL", "Рабочий e-mail"),
    ],
)
def test_headings_that_look_the_same_are_the_same(written: str, meant: str) -> None:
    assert fold(written) == fold(meant)


def test_different_headings_stay_different() -> None:
    assert len({fold(text) for text in ("Дата создания", "Дата изменения", "Сумма", "ID", "Название")}) == 5


def test_the_first_synonym_present_feeds_a_column() -> None:
    match = match_headings(stream(stage={"from": ["Стадия сделки", "Стадия"]}), ["Стадия", "Стадия сделки"])
    assert match.cells == {"stage": (1,)}


def test_a_list_column_joins_all_its_headings() -> None:
    spec = stream(id={"from": ["ID"]}, phones={"from": ["Рабочий", "Мобильный"], "type": "phone_list"})
    assert match_headings(spec, ["Мобильный", "ID", "Рабочий"]).cells["phones"] == (2, 0)


def test_a_repeated_heading_is_told_apart() -> None:
    match = match_headings(stream(id={"from": ["ID"]}), ["ID", "Товар", "Товар", ""])
    assert match.unmapped == ((1, "Товар"), (2, "Товар#2"))


def test_a_missing_heading_is_named_with_what_is_there() -> None:
    spec = stream(email={"from": ["email"]})
    match = match_headings(spec, ["e_mail", "phone"])
    assert match.missing == ("email",)
    assert missing_words(spec, match.missing, ["e_mail", "phone"]) == (
        "lacks email (email); it has no heading of the spec; cells that the spec does not name: 2; "
        "number 1 looks like 'email'"
    )
