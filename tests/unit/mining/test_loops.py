from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journey_mining.mining.loops import Piece, collapsed, pieces, twice_at_most

traces = st.text("abc", max_size=16).map(tuple)


def test_a_loop_is_one_piece_with_its_passes() -> None:
    assert pieces(tuple("abababc")) == (Piece(("a", "b"), 3), Piece(("c",), 1))
    assert pieces(tuple("aab")) == (Piece(("a",), 2), Piece(("b",), 1))


@given(trace=traces)
def test_pieces_unfold_to_the_trace(trace) -> None:
    assert sum((piece.activities * piece.times for piece in pieces(trace)), ()) == trace


@given(trace=traces)
def test_a_loop_walked_twice_still_stands_for_every_step(trace) -> None:
    assert sum(times for _, times in twice_at_most(trace)) == len(trace)


@given(trace=traces)
def test_collapsing_never_lengthens(trace) -> None:
    assert len(collapsed(trace)) <= len(twice_at_most(trace)) <= len(trace)
