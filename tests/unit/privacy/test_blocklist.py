from __future__ import annotations

import pytest

from journey_mining.privacy import block_reason, is_placeholder, is_shared_mailbox


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("ym_client", "0", "zero"),
        ("user_id", "00000000-0000-0000-0000-000000000000", "zero"),
        ("user_id", "-1", "placeholder"),
        ("user_id", "undefined", "placeholder"),
        ("user_id", "[object Object]", "placeholder"),
        ("user_id", "NaN", "placeholder"),
        ("user_id", "Anonymous", "placeholder"),
        ("email", "test@firm.example", "test_mailbox"),
        ("email", "noemail@firm.example", "test_mailbox"),
        ("phone", "+77000000000", "made_up_phone"),
        ("email", "info@firm.example", "shared_mailbox"),
    ],
)
def test_a_value_that_names_nobody_has_a_reason(kind: str, value: str, reason: str) -> None:
    assert block_reason(kind, value) == reason


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("b24_contact", "1"),
        ("b24_contact", "100"),
        ("email", "ivan@firm.example"),
        ("email", "testov@firm.example"),
        ("email", "salesman.ivan@firm.example"),
        ("phone", "+79161234567"),
    ],
)
def test_a_value_that_may_name_someone_has_none(kind: str, value: str) -> None:
    assert (block_reason(kind, value), is_placeholder(kind, value)) == (None, None)


@pytest.mark.parametrize(
    "local", ["info", "sales2", "support", "noreply", "no-reply", "no_reply.news", "robot", "mailer-daemon", "Info+x"]
)
def test_role_addresses_are_shared(local: str) -> None:
    assert is_shared_mailbox(f"{local}@firm.example")
