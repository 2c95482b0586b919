"""Values that stand for nobody or for many: they never join people, but they are counted and can be explained."""

from __future__ import annotations

import re

from journey_mining.privacy.normalise import is_made_up

_WORDS = frozenset(
    {
        "", "-", "--", "-1", ".", "?", "n/a", "na", "nan", "nil", "no", "none", "null", "(null)", "undefined",
        "unknown", "anonymous", "anon", "guest", "default", "empty", "false", "true", "not set", "(not set)",
        "[object object]", "аноним", "гость", "нет", "не указан", "не указано", "неизвестно",
    }
)  # fmt: skip
_ZEROS = re.compile(r"[0.\-+]*0[0.\-+]*")
_TEST_LOCAL_PART = re.compile(
    r"(?:test|тест|tester|testing|asdf?|qwe(?:rty)?|abc|aaa+|xxx+|no|none|nomail|noemail|null|undefined|fake|temp)\d*"
)
_ROLE = re.compile(
    r"(?:info|sales?|support|help|helpdesk|service|servicedesk|office|admin|administrator|webmaster|postmaster|"
    r"hostmaster|abuse|security|root|contacts?|hello|team|billing|accounts?|accounting|finance|invoices?|orders?|shop|"
    r"buh|buhgalter(?:ia)?|zakaz|zakupki|hr|jobs?|marketing|press|reception|secretary|sekretar|director|mail|feedback|"
    r"all|it|bot|robot|inbox|tender|kadry)\d*"
)
_MACHINE = re.compile(
    r"(?:no[._-]?reply|do[._-]?not[._-]?reply|mailer[._-]?daemon|postmaster|bounces?|notifications?|notify|robot|bot|"
    r"auto[._-]?reply|automailer|daemon)(?:[._-].*|\d*)"
)


def is_placeholder(kind: str, value: str) -> str | None:
    """Why a value stands for nobody, or None where it may name someone.

    Reasons: `zero`, `placeholder`, `test_mailbox`, `made_up_phone`.

    >>> is_placeholder("ym_client", "undefined")
    'placeholder'
    """
    folded = " ".join(value.split()).casefold()
    if folded in _WORDS:
        return "placeholder"
    if _ZEROS.fullmatch(folded[:64]):
        return "zero"
    if kind == "email" and _TEST_LOCAL_PART.fullmatch(folded[:64].partition("@")[0]):
        return "test_mailbox"
    # the country code is left out: +7 999 999-99-99 is made up although it holds a seven
    if kind == "phone" and is_made_up("".join(c for c in folded if c.isdecimal())[-10:]):
        return "made_up_phone"
    return None


def is_shared_mailbox(email: str) -> bool:
    """Whether several people, or a machine, write from this address.

    >>> is_shared_mailbox("info@firm.example"), is_shared_mailbox("ivan@firm.example")
    (True, False)
    """
    local = email.strip().casefold()[:64].partition("@")[0].partition("+")[0]
    return bool(_ROLE.fullmatch(local) or _MACHINE.fullmatch(local))


def block_reason(kind: str, value: str) -> str | None:
    """Why an identifier must not join people, judged by its plain value; None where nothing speaks against it.

    >>> block_reason("email", "noreply@firm.example")
    'shared_mailbox'
    """
    reason = is_placeholder(kind, value)
    if reason is None and kind == "email" and is_shared_mailbox(value):
        return "shared_mailbox"
    return reason
