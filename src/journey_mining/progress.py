"""A bar for people who watch a long step; nothing where nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Tell = Callable[[int, int], None]
"""called with how much is done, and of how much"""


def tell_nobody(_done: int, _total: int) -> None:
    """Show nothing."""


@contextmanager
def terminal_bar(says: str, *, fewest: int = 50_000) -> Iterator[Tell]:
    """A bar on the terminal that vanishes when it is done; none in a file or a pipe, nor for less than `fewest`."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield tell_nobody
        return
    columns = (TextColumn(says), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(says, total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=total >= fewest)
