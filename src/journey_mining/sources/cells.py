"""One cell of an export turned into one typed value: every type of a spec, and the faults a value can have.

In: the text of a cell. Out: a Python value, or a `CellError` with a stable reason. Pure: the clock comes in as an
argument (`CellContext.latest`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from journey_mining.privacy import normalise_email, normalise_phone
from journey_mining.sources.addresses import url_host, url_path
from journey_mining.sources.cell_error import CellError
from journey_mining.sources.headings import fold
from journey_mining.sources.json_path import dig, text_of
from journey_mining.sources.json_text import parse_json
from journey_mining.sources.spec import SourceSettings, Stream
from journey_mining.sources.spec_column import Column
from journey_mining.sources.times import epoch_time, offset_parser, time_parser

_LONGEST_TEXT = 32_768
_STRING_TYPES = ("id", "text", "label", "phone", "email", "currency", "url", "url_host", "url_path", "json")
# one digit, decimals, a short exponent: so spreadsheets write a long number; a hex id such as 4010...45e566... is none
_FLOAT_ID = re.compile(r"^\d([.,]\d+)?[eE]\+?\d{1,3}$")
_ARRAY_ITEM = re.compile(r"'((?:[^'\\]|\\.)*)'|([^,\[\]\s]+)")
_TRUE = frozenset({"1", "y", "yes", "true", "t", "да", "д", "истина"})
_FALSE = frozenset({"0", "n", "no", "false", "f", "нет", "н", "ложь"})
_CURRENCIES = {"rur": "RUB", "руб": "RUB", "руб.": "RUB", "рубль": "RUB", "российский рубль": "RUB", "евро": "EUR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellContext:
    """What the parsing of a cell depends on beside the cell."""

    source: SourceSettings
    latest: datetime
    """UTC without zone; later times are faults"""
    null_values: frozenset[str]


Parser = Callable[[str], Any]


def arrow_type(column: Column) -> pa.DataType:
    """Type of the staged column; times are UTC without zone."""
    if column.is_list:
        return pa.list_(pa.string())
    if column.type in _STRING_TYPES:
        return pa.string()
    plain = {"int": pa.int64(), "decimal": pa.decimal128(18, 2), "bool": pa.bool_(), "date": pa.date32()}
    return plain.get(column.type, pa.timestamp("us"))


def parser_of(column: Column, context: CellContext) -> Parser:
    """A function from the text of a non-empty cell to its value, or None where the text stands for nothing.

    It raises CellError where the text cannot be read as the column's type.
    """
    core = _core_parser(column, context)
    not_in, allowed = frozenset(column.not_in), frozenset(column.allowed)

    def parse(cell: str) -> Any:
        text = cell.strip()
        if text in context.null_values:
            return None
        if text in not_in:
            raise CellError("PLACEHOLDER_KEY")
        if allowed and text not in allowed:
            raise CellError("BAD_ENUM")
        return core(column.map.get(text, text))

    return parse


def parsers(stream: Stream, context: CellContext, *, is_table: bool) -> dict[str, Parser]:
    """The parser of every column; in tables a `path` is applied to the JSON text of the cell."""
    found = {}
    for name, column in stream.columns.items():
        parse = parser_of(column, context)
        found[name] = _inside_json(column.path, parse) if is_table and column.path else parse
    return found


def _inside_json(paths: tuple[str, ...], parse: Parser) -> Parser:
    def parse_inside(cell: str) -> Any:
        try:
            document = parse_json(cell) if cell.strip() else None
        except ValueError as fault:
            raise CellError("MALFORMED_JSON") from fault
        if not isinstance(document, dict | list):
            return None
        value = next((text for path in paths if (text := text_of(dig(document, path))) is not None), None)
        return None if value is None else parse(value)

    return parse_inside


def _core_parser(column: Column, context: CellContext) -> Parser:
    source = context.source
    if column.is_list:
        return _list_parser(column, source)
    if column.type in ("date", "datetime"):
        return time_parser(column, column.timezone or source.timezone, context.latest)
    if column.type == "datetime_tz":
        return offset_parser(column, context.latest)
    simple: dict[str, Parser] = {
        "id": _id,
        "text": lambda text: _text(text, column),
        "label": fold,
        "int": lambda text: int(_within(_number(text, source.locale), column)),
        "decimal": lambda text: _within(_number(text, source.locale), column).quantize(Decimal("0.01")),
        "bool": _bool,
        "epoch_s": lambda text: epoch_time(text, 1, context.latest),
        "epoch_ms": lambda text: epoch_time(text, 1_000, context.latest),
        "epoch_us": lambda text: epoch_time(text, 1_000_000, context.latest),
        "phone": lambda text: _phone(text, source.default_country),
        "email": _email,
        "currency": _currency,
        "url": lambda text: text,
        "url_host": url_host,
        "url_path": lambda text: _replaced(url_path(text), column),
        "json": _json,
    }
    return simple[column.type]


def _id(text: str) -> str | None:
    if _FLOAT_ID.match(text):
        # a spreadsheet turned the id into a float: its last digits are gone
        raise CellError("PRECISION_LOSS")
    return None if text == "0" else text


def _text(text: str, column: Column) -> str | None:
    if column.clean == "html":
        text = plain_text(text)
    elif column.clean == "bbcode":
        text = re.sub(r"\[/?[a-zA-Z*][^\]\n]{0,200}\]", "", text)
    return _replaced(text[:_LONGEST_TEXT], column) or None


def plain_text(text: str) -> str:
    """HTML without its tags; line breaks where blocks ended.

    >>> plain_text("<p>Не работает &amp; всё</p>")
    'Не работает & всё'
    """
    if "<" not in text and "&" not in text:
        return text
    text = re.sub(r"(?i)<br\s*/?>|</(?:p|div|li|tr)>", "\n", text)
    return html.unescape(re.sub(r"</?[a-zA-Z][^<>]{0,2000}>", "", text)).strip()


def _replaced(text: str, column: Column) -> str:
    if column.replace:
        # a pattern that somebody wrote may take long; how long is bounded by what it is given
        text = text[:_LONGEST_TEXT]
    for pattern, replacement in column.replace:
        text = re.sub(pattern, replacement, text)
    return text


def _number(text: str, locale: str) -> Decimal:
    plain = re.sub(r"[\s\u00a0\u202f₽$€]|руб\.?", "", text)
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    elif "," in plain and not locale.startswith("ru") and re.match(r"^-?\d{1,3}(,\d{3})+$", plain):
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation as fault:
        raise CellError("BAD_NUMBER") from fault
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise CellError("BAD_NUMBER")
    return number


def _within(number: Decimal, column: Column) -> Decimal:
    if column.type == "int" and number != number.to_integral_value():
        raise CellError("BAD_NUMBER")
    too_small = column.minimum is not None and number < Decimal(str(column.minimum))
    too_large = column.maximum is not None and number > Decimal(str(column.maximum))
    if too_small or too_large:
        raise CellError("OUT_OF_RANGE")
    return number


def _bool(text: str) -> bool:
    folded = text.casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise CellError("BAD_TYPE")


def _phone(text: str, country: str) -> str:
    number = normalise_phone(text, country)
    if number is None:
        raise CellError("BAD_PHONE")
    return number


def _email(text: str) -> str:
    address = normalise_email(text)
    if address is None:
        raise CellError("BAD_EMAIL")
    return address


def _currency(text: str) -> str:
    code = _CURRENCIES.get(text.casefold(), text.upper())
    if not re.match(r"^[A-Z]{3}$", code):
        raise CellError("BAD_TYPE")
    return code


def _json(text: str) -> str:
    try:
        parse_json(text)
    except ValueError as fault:
        raise CellError("MALFORMED_JSON") from fault
    return text


def _list_parser(column: Column, source: SourceSettings) -> Parser:
    kind = column.type.removesuffix("_list")
    splitter = re.compile(column.split)
    one: Parser = {
        "phone": lambda text: normalise_phone(text, source.default_country),
        "email": normalise_email,
    }.get(kind, lambda text: column.map.get(text, text))

    def parse(text: str) -> list[str] | None:
        items = [item.strip() for item in split_list(text, splitter)]
        values = [one(item) for item in items if item]
        if kind in ("phone", "email") and any(value is None for value in values) and not any(values):
            raise CellError(f"BAD_{kind.upper()}")
        return list(dict.fromkeys(value for value in values if value)) or None

    return parse


def split_list(text: str, splitter: re.Pattern[str]) -> list[str]:
    r"""Items of a JSON list, of Metrica's escaped array, or of separated text.

    >>> split_list(r"[\'301\',\'302\']", re.compile(","))
    ['301', '302']
    """
    if text.startswith("[") and text.endswith("]"):
        try:
            items = parse_json(text)
        except ValueError:
            plain = text[1:-1].replace("\\'", "'")
            return [quoted or bare for quoted, bare in _ARRAY_ITEM.findall(plain)]
        return [str(item) for item in items if item is not None]
    return splitter.split(text)
