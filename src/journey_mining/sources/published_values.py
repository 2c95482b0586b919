"""Labels of events as they may be published: campaigns, stages, paths, hosts and attributes without personal data.

In: the temporary table `source_event`. Out: the same table; a value that gives somebody away is replaced by one that
does not. Every distinct value is looked at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from journey_mining.privacy import OwnPatterns, as_seen, redact
from journey_mining.sources.addresses import path_without_secrets, segment_without_secrets
from journey_mining.sources.json_text import parse_json
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted

_LABELS = (
    "activity_raw",
    "asked_stage",
    "customer_type",
    "exclude_reason",
    "pipeline",
    "referrer_host",
    "score_raw",
    "url_host",
    "url_path",
    "utm_campaign",
    "utm_medium",
    "utm_source",
)
_LONG_RUN = re.compile(r"([A-Za-z0-9_-]{20,})")
_ID = re.compile(r"\d{1,9}")
"""campaigns and goals are called by numbers; phones and documents are longer"""
_LONG_NUMBER = 10**9
_NO_PATTERNS = OwnPatterns()


def redact_events(warehouse: DuckDBWarehouse, own: OwnPatterns) -> None:
    """Replace what may not be published in the labels and attributes of `source_event`."""
    rules: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(_LABELS, lambda text: label(own.text(text))),
        "attributes": lambda text: attributes(text, own),
    }
    for column, rule in rules.items():
        name = quoted(column)
        found = warehouse.arrow(
            f"select distinct {name} as plain from source_event where {name} is not null order by 1"
        )
        pairs = [(plain, published) for plain in found["plain"].to_pylist() if (published := rule(plain)) != plain]
        if pairs:
            _replace(warehouse, name, pairs)


def label(text: str) -> str:
    """One label; paths by the rules for addresses, all else by those for texts.

    >>> label("/orders/79161234567"), label("spring-sale-2026-for-hosts"), label("Анна, anna@mail.example")
    ('/orders/[number]', 'spring-sale-2026-for-hosts', 'Анна, [email]')
    """
    if _ID.fullmatch(text):
        return text
    if (seen := as_seen(text)) != text:
        return label(seen)
    if text.startswith("/"):
        return path_without_secrets(text)
    decoded = unquote(text)
    if "@" in decoded:
        return redact(decoded).text
    pieces = _LONG_RUN.split(decoded)
    published = "".join(_run(piece) if number % 2 else redact(piece).text for number, piece in enumerate(pieces))
    return text if published == decoded else published


def attributes(text: str, own: OwnPatterns = _NO_PATTERNS) -> str:
    """The JSON text with every value in it redacted; what is no JSON is redacted as a text.

    >>> attributes('{"goal": "301", "note": "anna@mail.example"}')
    '{"goal": "301", "note": "[email]"}'
    """
    try:
        document = parse_json(text)
    except ValueError:
        return redact(own.text(text)).text
    published = _inside(document, own)
    return text if published == document else json.dumps(published, ensure_ascii=False)


def _run(run: str) -> str:
    """A long run of letters and digits: texts call all of them secrets, but campaigns and hosts have long names."""
    return run if run.startswith("xn--") else segment_without_secrets(run) or run


def _inside(value: Any, own: OwnPatterns) -> Any:
    if isinstance(value, str):
        return label(own.text(value))
    if isinstance(value, dict):
        return {label(own.text(key)): _inside(item, own) for key, item in value.items()}
    if isinstance(value, list):
        return [_inside(item, own) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    # a number may be what a pattern names: of a client, of a contract
    shown = str(value)
    found = own.text(shown)
    is_long = isinstance(value, int) and abs(value) >= _LONG_NUMBER
    return redact(found).text if is_long or found != shown else value


def _replace(warehouse: DuckDBWarehouse, name: str, pairs: list[tuple[str, str]]) -> None:
    warehouse.execute("create or replace temp table published_value (plain varchar, published varchar)")
    table = pa.table({"plain": [plain for plain, _ in pairs], "published": [published for _, published in pairs]})
    warehouse.append("published_value", table)
    warehouse.execute(
        f"update source_event set {name} = published_value.published from published_value "
        f"where source_event.{name} = published_value.plain"
    )
