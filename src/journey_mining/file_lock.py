"""A lock on an open file that goes away with the process that holds it, on every system."""

from __future__ import annotations

import sys
from typing import IO

if sys.platform == "win32":  # pragma: no cover - the other branch runs where the tests do
    import msvcrt
    import time

    _FAR = 1 << 30
    """place of the byte that stands for the file: other processes can read what lies before it"""

    def is_locked_now(handle: IO[str]) -> bool:
        """Take the lock if nobody holds it; whether it was taken."""
        handle.seek(_FAR)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def wait_for_lock(handle: IO[str]) -> None:
        """Take the lock as soon as nobody else holds it."""
        while not is_locked_now(handle):
            time.sleep(0.1)

else:
    import fcntl

    def is_locked_now(handle: IO[str]) -> bool:
        """Take the lock if nobody holds it; whether it was taken."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_for_lock(handle: IO[str]) -> None:
        """Take the lock as soon as nobody else holds it."""
        fcntl.flock(handle, fcntl.LOCK_EX)
