"""The secret that identifiers are hashed with. It lives outside of the project and of every database.

The key file holds the key and, after a rotation, a line `former KEY` for each earlier one, the latest first: marks of
forgotten people cannot be compared without them (`tombstones`). In the environment they are `JOURNEY_KEY` and
`JOURNEY_FORMER_KEYS`, separated by spaces.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from journey_mining.errors import SettingsError
from journey_mining.file_lock import wait_for_lock
from journey_mining.privacy.private_files import write_private
from journey_mining.project import Project

DEMO_KEY = b"journey_mining public demo key: for synthetic data only"
"""published on purpose, so that the sample gives the same bytes everywhere; it protects nothing"""
ENVIRONMENT_NAME, FORMER_NAME = "JOURNEY_KEY", "JOURNEY_FORMER_KEYS"
_FORMER = re.compile(r"^former[ \t]+(\S+)[ \t]*$", re.MULTILINE)
_LEAST_CHARACTERS = 16


def load_key(project: Project, *, environment: Mapping[str, str] | None = None, home: Path | None = None) -> bytes:
    """The key of a project: the demo key where settings ask for it, else `JOURNEY_KEY`, else the key file.

    The key file is `privacy.key_file`, by default `.config/journey_mining/key` under `home`. It is made on first use,
    readable by its owner only.

    Raises:
        SettingsError: the key is too short, or its file lies inside the project or can be read by others.
    """
    return load_keys(project, environment=environment, home=home)[0]


def load_keys(
    project: Project, *, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> tuple[bytes, ...]:
    """The key of a project, and its former ones, the latest first; raises as `load_key`."""
    if project.settings.privacy.public_demo_key:
        return (DEMO_KEY,)
    variables = os.environ if environment is None else environment
    given = variables.get(ENVIRONMENT_NAME, "")
    if given:
        former = variables.get(FORMER_NAME, "").split()
        return _long_enough([given, *former], where=f"The environment variable {ENVIRONMENT_NAME}")
    path = _key_file(project, home or Path.home())
    if not path.exists():
        _create(path)
    return _read(path)


def rotate_key(
    project: Project, *, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> Path | None:
    """Put a new key before the present one in the key file; the file, or None where the environment holds the keys.

    The file is replaced as a whole: a crash leaves the former keys or all of them.

    Raises:
        SettingsError: the key is the public one, `JOURNEY_KEY` stands there without the former key, or as `load_key`.
    """
    keys = load_keys(project, environment=environment, home=home)
    if keys[0] == DEMO_KEY:
        raise SettingsError(
            "The project hashes with the published demo key, which protects nothing.",
            expected="a project with a key of its own.",
            todo="Set privacy.public_demo_key = false in journey.toml; the next run makes a key and builds all anew.",
        )
    if (os.environ if environment is None else environment).get(ENVIRONMENT_NAME, ""):
        if len(keys) > 1:
            return None
        raise SettingsError(
            f"{ENVIRONMENT_NAME} holds the key of the project, and {FORMER_NAME} is not set.",
            expected="the new key in the first variable and the former one in the second, for forgotten people's sake.",
            todo=f"Set both where your secrets are kept, and run `journey key rotate` again; {FORMER_NAME} must stay.",
        )
    path = _key_file(project, home or Path.home())
    with _held(path):
        lines = [secrets.token_hex(32), *(f"former {key.decode()}" for key in _read(path))]
        write_private(path, "\n".join(lines) + "\n")
    return path


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold the key file: several projects may share it."""
    with path.with_name(path.name + ".lock").open("a", encoding="ascii") as handle:
        wait_for_lock(handle)
        yield


def _key_file(project: Project, home: Path) -> Path:
    named = project.settings.privacy.key_file
    path = (project.root / Path(named).expanduser()).resolve() if named else home / ".config" / "journey_mining" / "key"
    if path.resolve().is_relative_to(project.root.resolve()):
        raise SettingsError(
            f"The key file {path} lies inside the project folder.",
            expected="a place outside of it, because a project is copied, shared and backed up together with its data.",
            todo="Name another file in privacy.key_file of journey.toml, or leave it out.",
        )
    return path


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another run made it a moment ago: that one holds
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def _read(path: Path) -> tuple[bytes, ...]:
    found = path.stat()
    # elsewhere files have neither an owner's number nor a mode to look at
    if os.name == "posix" and found.st_uid not in (os.getuid(), 0):
        raise SettingsError(
            f"The key file {path} belongs to another user.",
            expected="a file of the user who runs this: whoever owns it can read and exchange the key.",
            todo=f"Run `chown $(id -un) {path}` if you trust it, or name another file in privacy.key_file.",
        )
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
        raise SettingsError(
            f"The key file {path} can be read by other users.",
            expected="mode 0600: with the key, hashes can be turned back into phone numbers.",
            todo=f"Run `chmod 600 {path}`.",
        )
    text = path.read_text(encoding="utf-8")
    return _long_enough([_FORMER.sub("", text).strip(), *_FORMER.findall(text)], where=f"The key file {path}")


def _long_enough(keys: list[str], *, where: str) -> tuple[bytes, ...]:
    short = min(keys, key=len)
    if len(short) < _LEAST_CHARACTERS:
        raise SettingsError(
            f"{where} holds a key of {len(short)} characters.",
            expected=f"at least {_LEAST_CHARACTERS} characters that nobody can guess.",
            todo='Make one with `python -c "import secrets; print(secrets.token_hex(32))"`.',
        )
    return tuple(dict.fromkeys(key.encode() for key in keys))
