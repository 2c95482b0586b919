"""The fault of one cell; apart, because every parser raises it."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class CellError(ValueError):
    """A value that cannot be what its column says, or is so in doubt only; `reason` is a stable code."""

    def __init__(self, reason: str, *, moment: datetime | None = None, value: Any = None) -> None:
        self.reason = reason
        self.value = value
        """what the cell is taken for all the same; none where it is left out"""
        self.moment = moment
        """UTC; the value is a fault only as long as the latest time that can be true lies before it"""
        super().__init__(reason)
