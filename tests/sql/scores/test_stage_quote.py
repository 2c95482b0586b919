from __future__ import annotations

from datetime import timedelta

import pytest

from support import NOON, built, given

Text = tuple[str, str, float | None]
"""customer, text, score"""


@pytest.fixture
def quotes(warehouse):
    def find(*texts: Text, small_cell: int = 1) -> list[str]:
        ids = [f"e{n}" for n in range(len(texts))]
        journeys = sorted({f"j-{person}" for person, _, _ in texts})
        voices = [(ids[n], t[0], f"j-{t[0]}", "support", NOON + timedelta(days=n)) for n, t in enumerate(texts)]
        given(warehouse, "voice_event", "event_id person_id journey_id stage occurred_at", voices)
        given(warehouse, "event_text", "event_id text language", [(ids[n], t[1], "en") for n, t in enumerate(texts)])
        given(warehouse, "sentiment", "event_id score", [(ids[n], t[2]) for n, t in enumerate(texts)])
        given(warehouse, "event", "event_id source", [(e, "tickets") for e in ids])
        given(warehouse, "segment_member", "journey_id segment", [(journey, "smb") for journey in journeys])
        given(warehouse, "score_setting", "small_cell thin_cell", [(small_cell, 30)])
        built(warehouse, "quotable_text", "event_id")
        return [text for segment, text in built(warehouse, "stage_quote", "segment text") if segment == "smb"]

    return find


def test_each_customer_is_quoted_once_with_the_strongest_text(quotes) -> None:
    assert quotes(("A", "fine", 0.2), ("A", "great", 0.9), ("B", "good", 0.5)) == ["good", "great"]


def test_a_quote_sounds_like_its_cell(quotes) -> None:
    assert quotes(("A", "awful", -0.5), ("B", "bad", -0.5), ("C", "great", 0.9)) == ["awful", "bad"]


def test_the_same_words_are_quoted_once(quotes) -> None:
    assert quotes(("A", "Thanks", 0.5), ("B", "thanks", 0.5)) == ["thanks"]


def test_long_texts_and_texts_with_numbers_are_not_quoted(quotes) -> None:
    assert quotes(("A", "x" * 141, 0.9), ("B", "order 12345", 0.9), ("C", "order 1234", 0.9)) == ["order 1234"]


def test_texts_without_a_score_are_not_quoted(quotes) -> None:
    assert quotes(("A", "ok", None), ("B", "nice", 0.3)) == ["nice"]


def test_where_few_customers_wrote_nobody_is_quoted(quotes) -> None:
    assert quotes(("A", "one", 0.9), ("A", "two", 0.9), ("B", "three", 0.9), small_cell=3) == []


def test_at_most_five_are_kept(quotes) -> None:
    assert quotes(*[(f"p{n}", f"text {n}", n / 10) for n in range(8)]) == [f"text {n}" for n in range(3, 8)]
