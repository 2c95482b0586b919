"""Words for files that cannot be read as a whole."""

from __future__ import annotations

from journey_mining.errors import FileRejectedError
from journey_mining.sources.delivered import Delivered

TODO = "Export the file again, or correct spec.toml of its source; the next run tries it again then."


def rejected(delivered: Delivered, code: str, what: str, expected: str, *, todo: str = TODO) -> FileRejectedError:
    """The error of a file that cannot be read: what it is or does, and what was expected of it.

    `what` must hold nothing of the content of the file but what the spec itself names.
    """
    return FileRejectedError(f"{delivered.full_name} {what}.", expected=f"{expected}.", todo=todo, code=code)
