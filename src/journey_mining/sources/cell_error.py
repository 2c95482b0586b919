"""The fault of one cell; apart, because every parser raises it."""

from __future__ import annotations

from datetime import datetime


class CellError(ValueError):
    """A value that cannot be what its column says; `reason` is a stable code."""

    def __init__(self, reason: str, *, moment: datetime | None = None) -> None:
        self.reason = reason
        self.moment = moment
        """UTC; the value is a fault only as long as the latest time that can be true lies before it"""
        super().__init__(reason)
