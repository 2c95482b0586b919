"""What a column of an unknown file is: its type, whether it names people, and what must be asked.

In: a field of a sample. Out: a `ColumnGuess`. No value of the file leaves this module but labels of columns with few of
them, and only those that redaction leaves as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from journey_mining.privacy import is_placeholder, redact
from journey_mining.sources.workbench.naming import hints, hints_whole
from journey_mining.sources.workbench.sampling import Field
from journey_mining.sources.workbench.time_guess import TimeGuess, fits, time_guess

NULLS = frozenset({"", "null", "NULL", "\\N", "0001-01-01", "-", "None", "none", "nan", "NaN", "N/A", "n/a", "#N/A"})
_MOST_VALUES = 3_000
_ID_WORDS = "id|ids|uuid|guid|key|no|num|number|code|номер|код|ид|артикул|№|nomer|ref|reference"
_PERSON_WORDS = (
    "name|first name|last name|fio|фио|имя|фамил|отчеств|manager|менедж|ответствен|agent|owner|author|assignee|user|"
    "customer|client|клиент|заказчик|контакт|contact|address|адрес|city|город|street|улица|company|компан|организ|"
    "мастер|сотрудник|employee|operator|оператор|login|логин|password|пароль|ip|заявител|получател|recipient|sender"
)
_PHONE_WORDS = "phone|tel|mobile|cell|fax|whatsapp|телефон|тел|моб|сотов|номер тел|msisdn|telefon"
_EMAIL_WORDS = "e ?-?mail|mail|почт|эл почта|pochta"
MONEY_WORDS = (
    "amount|price|sum|total|cost|revenue|value|fee|paid|сумма|цена|стоим|итог|оплат|выручк|budget|бюджет|summa|mrr|arr"
)
TEXT_WORDS = (
    "comment|description|text|message|body|note|subject|review|feedback|коммент|описан|сообщ|текст|отзыв|"
    "примечан|тема|жалоб|вопрос|проблем|неисправ|problem|issue|complaint|summary|why|почему"
)
STATE_WORDS = (
    "status|state|stage|semantic|type|kind|event|action|activity|статус|стади|состояни|этап|тип|вид|событи|действи"
)
_FEW = 20
"""rows; in fewer, numbers that differ prove nothing"""
_LONG_NUMBER = 16
_LABELS, _LONGEST_LABEL = 12, 40
_TYPE_SHARE = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGuess:
    """What a column seems to be."""

    name: str
    field: Field
    type: str
    filled_count: int
    distinct_count: int
    is_unique: bool
    """no two rows share a value (rows without one left aside)"""
    time: TimeGuess | None = None
    is_money: bool = False
    is_free_text: bool = False
    is_id: bool = False
    labels: tuple[str, ...] = ()
    """the few values that the column has, where they can be shown"""
    questions: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """How the file calls it."""
        return self.field.heading

    @property
    def is_full(self) -> bool:
        """Whether every row has a value."""
        return self.filled_count == len(self.field.values) > 0


def column_guess(name: str, source: Field, *, locale: str) -> ColumnGuess:
    """The type of a column and what can be told of it."""
    filled = [value.strip() for value in source.values if value is not None and value.strip() not in NULLS]
    counts = Counter(filled)
    values = list(counts)[:_MOST_VALUES]
    plain = ColumnGuess(
        name=name,
        field=source,
        type="text",
        filled_count=len(filled),
        distinct_count=len(counts),
        is_unique=bool(filled) and len(counts) == len(filled),
    )
    if not filled:
        return replace(plain, questions=("always empty here: text?",))
    guessed = _typed(plain, values, locale)
    return replace(guessed, labels=_labels(guessed, counts))


def _typed(plain: ColumnGuess, values: Sequence[str], locale: str) -> ColumnGuess:
    heading = plain.heading
    if plain.field.is_list:
        return replace(plain, type=_list_type(values, heading))
    if fits(values, {"type": "email"}, 0.9):
        return replace(plain, type="email")
    if hints(_EMAIL_WORDS, heading) and fits(values, {"type": "email_list"}, 0.9):
        return replace(plain, type="email_list")
    when = time_guess(values, heading)
    if when is not None:
        questions = (when.question,) if when.question else ()
        return replace(plain, type=when.type, time=when, questions=questions)
    if _are_phones(values, heading):
        kind = "phone" if fits(values, {"type": "phone"}, 0.8) else "phone_list"
        return replace(plain, type=kind)
    return _numbers_and_words(plain, values, locale)


def _numbers_and_words(plain: ColumnGuess, values: Sequence[str], locale: str) -> ColumnGuess:
    heading = plain.heading
    is_named_id = hints_whole(_ID_WORDS, heading) and not hints(MONEY_WORDS, heading)
    if fits(values, {"type": "int"}) or _are_digits(values):
        is_id = is_named_id or (plain.is_unique and plain.filled_count >= _FEW) or _must_stay_text(values)
        is_id = is_id and not hints(MONEY_WORDS, heading)
        return replace(plain, type="id" if is_id else "int", is_id=is_id, is_money=hints(MONEY_WORDS, heading))
    if fits(values, {"type": "decimal"}):
        # a cookie such as 1234567890.1780000000 is a name, and no number
        return replace(plain, type="id", is_id=True) if is_named_id else _decimal(plain, values, locale)
    if fits(values, {"type": "bool"}, 1.0):
        return replace(plain, type="bool")
    return _words(plain, values, is_named_id=is_named_id)


def _words(plain: ColumnGuess, values: Sequence[str], *, is_named_id: bool) -> ColumnGuess:
    heading = plain.heading
    longest = max(map(len, values))
    simple = {
        "currency": hints("currency|валют|curr", heading) and all(re.fullmatch(r"[A-Z]{3}", v) for v in values),
        "json": all(value[:1] in "{[" for value in values) and fits(values, {"type": "json"}),
        "url": all(v.startswith(("http://", "https://")) for v in values) or hints("url|referr?er|ссылка", heading),
    }
    kind = next((kind for kind, is_so in simple.items() if is_so), "")
    if kind:
        return replace(plain, type=kind)
    if is_named_id and longest <= 80 and not any(" " in value for value in values):  # noqa: PLR2004 - ids are short
        return replace(plain, type="id", is_id=True)
    words = 1 if hints(TEXT_WORDS, heading) else 2
    is_prose = sum(value.count(" ") >= words for value in values) * 3 > len(values)
    return replace(plain, is_free_text=is_prose and (words == 1 or longest > 60))  # noqa: PLR2004 - no label is as long


def _decimal(plain: ColumnGuess, values: Sequence[str], locale: str) -> ColumnGuess:
    is_money = hints(MONEY_WORDS, plain.heading)
    doubtful = [value for value in values if re.fullmatch(r"\d{1,3},\d{3}", value)]
    decided = any(re.search(r",\d{1,2}$|\.\d+,|,\d+\.", value) for value in values)
    question = f'"1,234" reads as {"1.234" if locale.startswith("ru") else "1234"} under locale {locale}: is it so?'
    return replace(plain, type="decimal", is_money=is_money, questions=(question,) if doubtful and not decided else ())


def _must_stay_text(values: Sequence[str]) -> bool:
    has_zeros = any(len(value) > 1 and value.startswith("0") for value in values)
    return has_zeros or any(len(value) >= _LONG_NUMBER for value in values)


def _are_digits(values: Sequence[str]) -> bool:
    return sum(value.isdigit() for value in values) >= _TYPE_SHARE * len(values)


def _are_phones(values: Sequence[str], heading: str) -> bool:
    if hints(_PHONE_WORDS, heading):
        return fits(values, {"type": "phone_list"}, 0.8)
    looks = sum(bool(re.fullmatch(r"\+\d[\d ()-]{8,16}|8 ?\(\d{3}\)[\d -]{7,10}", value)) for value in values)
    return looks >= 0.9 * len(values) and fits(values, {"type": "phone"}, 0.9)


def _list_type(values: Sequence[str], heading: str) -> str:
    if fits(values, {"type": "email_list"}, 0.9):
        return "email_list"
    return "phone_list" if hints(_PHONE_WORDS, heading) and fits(values, {"type": "phone_list"}, 0.8) else "text_list"


def _labels(guess: ColumnGuess, counts: Counter[str]) -> tuple[str, ...]:
    """The values of a column with few, repeated, harmless ones; nothing where a person may be among them."""
    is_few = len(counts) <= _LABELS and len(counts) * 2 <= guess.filled_count
    is_code = guess.type in ("text", "int", "bool") or hints(STATE_WORDS, guess.heading)
    if not is_code or not is_few or guess.field.is_list or names_people(guess.heading):
        return ()
    labels = tuple(label for label, count in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if count > 1)
    return () if any(not is_harmless(label) for label in labels) else labels


def names_people(heading: str) -> bool:
    """Whether a heading announces people, places where they live, or what they write."""
    return hints(f"{_PERSON_WORDS}|{TEXT_WORDS}", heading)


def is_harmless(label: str) -> bool:
    """Whether a label can be printed: short, left as it is by redaction, and not built like the name of a person.

    >>> is_harmless("в работе"), is_harmless("Иван Петров"), is_harmless("+7 916 555-01-01")
    (True, False, False)
    """
    is_name = re.fullmatch(r"[A-ZА-ЯЁ][\w.-]+(?: [A-ZА-ЯЁ][\w.-]*)+", label) is not None
    is_short = len(label) <= _LONGEST_LABEL and "\n" not in label
    return is_short and not is_name and redact(label).text == label and is_placeholder("", label) != "zero"
