from __future__ import annotations

import pyarrow as pa

from journey_mining.privacy import PERSONAL_KINDS, is_personal, normalise_phone, pseudonym, pseudonymise

KEY, OTHER_KEY = b"k" * 32, b"x" * 32


def token(text: str, key: bytes = KEY) -> str:
    return pseudonym("phone", str(normalise_phone(text)), key)


def test_two_spellings_of_a_phone_have_one_token() -> None:
    assert token("+7 916 123-45-67") == token("8 (916) 123-45-67")


def test_another_key_gives_another_token() -> None:
    assert token("+79161234567") != token("+79161234567", OTHER_KEY)


def test_another_kind_gives_another_token() -> None:
    assert pseudonym("phone", "1", KEY) != pseudonym("email", "1", KEY)


def test_a_token_is_32_hex_digits() -> None:
    assert len(bytes.fromhex(token("+79161234567"))) == 16


def test_a_column_is_hashed_value_by_value() -> None:
    kinds, values = pa.array(["email", "phone", "email"]), pa.array(["a", "a", "a"])
    hashed = pseudonymise(kinds, values, KEY).to_pylist()
    assert hashed == [pseudonym("email", "a", KEY), pseudonym("phone", "a", KEY), pseudonym("email", "a", KEY)]


def test_nulls_and_record_numbers_stay() -> None:
    kinds, values = pa.array(["email", "b24_contact"]), pa.array([None, "17"])
    assert pseudonymise(kinds, values, KEY).to_pylist() == [None, "17"]


def test_chunked_columns_are_taken() -> None:
    column = pa.chunked_array([["email"], ["email"]])
    assert len(set(pseudonymise(column, column, KEY).to_pylist())) == 1


def test_an_empty_column_stays_empty() -> None:
    empty = pa.array([], type=pa.string())
    assert len(pseudonymise(empty, empty, KEY)) == 0


def test_an_unknown_kind_is_personal() -> None:
    assert (is_personal("something_new"), all(is_personal(kind) for kind in PERSONAL_KINDS)) == (True, True)
