"""Faults of the disk told apart from faults of models: a full disk, a folder that may not be written, a broken one."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator

from journey_mining.errors import StorageError

_SIGNS = {
    errno.ENOSPC: "no space left on device",
    errno.EFBIG: "file too large",
    errno.EDQUOT: "disk quota exceeded",
    errno.EROFS: "read-only file system",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EIO: "input/output error",
}
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_FOREIGN = re.compile("|".join(map(re.escape, _SIGNS.values())), re.IGNORECASE)


def storage_fault(fault: BaseException, *, folder: str) -> StorageError | None:
    """The fault as one of the disk under `folder`, whoever noticed it first; none where it is something else.

    >>> storage_fault(OSError(28, "No space left on device"), folder="p").code
    'STORAGE'
    """
    for cause in _causes(fault):
        if isinstance(cause, OSError) and cause.errno in _SIGNS:
            return _told(cause.errno, folder)
        # the engine says the same in its own words
        sign = _FOREIGN.search(str(cause)) if "Could not write" in str(cause) or "IO Error" in str(cause) else None
        if sign:
            return _told(next(code for code, words in _SIGNS.items() if words == sign[0].lower()), folder)
    return None


def _causes(fault: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = fault
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _told(code: int, folder: str) -> StorageError:
    todo = "Make room (docs/operations.md says what may go), then run again; the last good site stays until then."
    if code not in _FULL:
        todo = "Let the user of the run write there (`journey doctor` says where), or look after the disk; run again."
    return StorageError(
        f"The disk of {folder} refuses to be written: {_SIGNS[code]}.",
        expected="room for a second warehouse and site beside the published ones, and the right to write.",
        todo=todo,
    )
