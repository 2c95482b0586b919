"""The one tree of errors. Every message has three parts: what and where, what was expected, what to do.

Nothing here reads or writes; every other module may import this one.
"""

from __future__ import annotations

from collections.abc import Sequence


class JourneyMiningError(Exception):
    """An error that a person can act on; its text holds what happened, what was expected and what to do."""

    code = "JOURNEY_ERROR"

    def __init__(self, what: str, *, expected: str, todo: str, code: str | None = None) -> None:
        self.what = what
        self.expected = expected
        self.todo = todo
        if code is not None:
            self.code = code
        super().__init__(f"{what} Expected: {expected} To do: {todo}")


class SettingsError(JourneyMiningError):
    """A file that the user writes (journey.toml, stages.toml, ...) cannot be understood."""

    code = "SETTINGS"


class SpecError(JourneyMiningError):
    """A source folder (spec.toml and its SQL) is wrong; the fault is the spec's, not the data's."""

    code = "SOURCE_SPEC"


class FileRejectedError(JourneyMiningError):
    """One delivered file cannot be loaded as a whole; nothing of it was stored and the run goes on."""

    code = "FILE_REJECTED"


class ModelError(JourneyMiningError):
    """A SQL model is malformed or failed; the run stops and the published state stays as it was."""

    code = "SQL_MODEL"


class CheckFailedError(JourneyMiningError):
    """A check of the built tables returned rows; publishing is refused."""

    code = "CHECK_FAILED"


class ProjectLockedError(JourneyMiningError):
    """Another run holds the project; kept apart because waiting is the right answer to it."""

    code = "PROJECT_LOCKED"


class StorageError(JourneyMiningError):
    """The disk is full, broken, or may not be written; nothing that was published is touched."""

    code = "STORAGE"


class NotFoundError(JourneyMiningError):
    """Something named on the command line does not exist in the project."""

    code = "NOT_FOUND"


def did_you_mean(name: str, known: list[str]) -> str:
    """A hint such as " Did you mean 'silence'?", or nothing where no known name is near.

    >>> did_you_mean("silense", ["silence", "unit"])
    " Did you mean 'silence'?"
    """
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def unknown_name(what: str, name: str, known: Sequence[str], *, todo: str) -> NotFoundError:
    """The error for a name that is none of those known, with the nearest of them.

    >>> str(unknown_name("page", "mop", ["map", "paths"], todo="Correct --page."))
    "There is no page 'mop'. Did you mean 'map'? Expected: one of map, paths. To do: Correct --page."
    """
    return NotFoundError(
        f"There is no {what} {name!r}.{did_you_mean(name, list(known))}",
        expected=f"one of {', '.join(known)}.",
        todo=todo,
    )
