"""Keyed hashes in place of identifiers: equal values stay equal, and without the key nobody can go back.

A plain hash of a phone number is undone by trying all ten thousand million of them; a keyed one is not.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Set as AbstractSet

import pyarrow as pa
import pyarrow.compute as pc

RECORD_KINDS = frozenset({"b24_contact", "crm_id", "zendesk_user"})
"""numbers that a company's own systems gave to their records: they say nothing elsewhere; specs name more of them"""
PERSONAL_KINDS = frozenset(
    {
        "email", "phone", "name", "user_id", "external_id", "ip", "ym_client", "ga_client", "ga_user", "matomo_visitor",
        "domain_userid", "telegram", "whatsapp", "vk", "instagram", "facebook", "survey_respondent",
    }
)  # fmt: skip
"""well-known kinds that are personal data; `is_personal` also says yes to every kind it does not know"""
_HEX_DIGITS = 32


def is_personal(kind: str, record_kinds: AbstractSet[str] = RECORD_KINDS) -> bool:
    """Whether values of a kind must be hashed before publishing: yes in case of doubt.

    >>> is_personal("email"), is_personal("b24_contact"), is_personal("something_new")
    (True, False, True)
    """
    return kind in PERSONAL_KINDS or kind not in record_kinds


def pseudonym(kind: str, value: str, key: bytes, record_kinds: AbstractSet[str] = RECORD_KINDS) -> str:
    """The published form of one normalised value: 32 hex digits of HMAC-SHA-256, or itself for a record number.

    >>> len(pseudonym("phone", "+79161234567", b"k" * 32))
    32
    """
    if not is_personal(kind, record_kinds):
        return value
    return hmac.digest(key, f"{kind}|{value}".encode(), hashlib.sha256).hex()[:_HEX_DIGITS]


def pseudonymise(
    kinds: pa.Array, values: pa.Array, key: bytes, record_kinds: AbstractSet[str] = RECORD_KINDS
) -> pa.Array:
    """`pseudonym` of each row: text as long as the input; nulls stay null. Every distinct value is hashed once."""
    pairs = pa.table({"kind": _whole(kinds), "value": _whole(values)})
    joined = _whole(pc.binary_join_element_wise(pairs["kind"], pairs["value"], "|"))
    encoded = joined.dictionary_encode()
    hashed = [_of_pair(pair, key, record_kinds) for pair in encoded.dictionary.to_pylist()]
    return pa.array(hashed, type=pa.string()).take(encoded.indices)


def _of_pair(pair: str, key: bytes, record_kinds: AbstractSet[str]) -> str:
    kind, _, value = pair.partition("|")
    return pseudonym(kind, value, key, record_kinds)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return combined.cast(pa.string())
