"""Redaction: what is left of planted personal data, and what it takes out of messages that hold none.

Planted messages are those of `tests/planted_messages.py`. The messages of our own corpus were written without contacts
and numbers of real people; names that their writers sign with are found rightly, so that finds are counted by kind.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd
from voice_corpus import SPLITS, messages

from journey_mining.privacy import redact
from planted_messages import left_of, planted

PLANTED, SEED = 5_010, 11
_MARK = re.compile(r"\[([^\W\d_]+)\]")


def redacted() -> dict[str, Any]:
    """Planted messages, those of which something is left; and finds in messages without personal data."""
    hidden = planted(seed=SEED, count=PLANTED)
    plain = pd.concat([messages(split) for split in SPLITS])["text"]
    found = [(text, redact(text)) for text in plain]
    kinds: Counter[str] = Counter()
    for text, after in found:
        kinds += Counter(_MARK.findall(after.text)) - Counter(_MARK.findall(text))
    return {
        "planted": len(hidden),
        "left": sum(bool(left_of(message, redact(message.text).text)) for message in hidden),
        "plain": len(plain),
        "plain_changed": sum(bool(after.count) for _, after in found),
        "kinds": dict(sorted(kinds.items())),
    }
