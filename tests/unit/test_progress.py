"""The bar of a long step."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from journey_mining import progress
from journey_mining.progress import tell_nobody, terminal_bar


def test_nobody_is_told_where_nobody_watches():
    with terminal_bar("texts") as tell:
        assert tell is tell_nobody


@pytest.mark.parametrize(("total", "is_shown"), [(100_000, True), (10, False)])
def test_a_terminal_shows_a_bar_for_long_work_only(monkeypatch, total, is_shown):
    screen = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda **_: Console(file=screen, force_terminal=True, width=80))
    with terminal_bar("texts") as tell:
        tell(5, total)
    assert (f"5/{total}" in screen.getvalue()) is is_shown
