"""The secret that identifiers are hashed with. It lives outside of the project and of every database."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from journey_mining.errors import SettingsError
from journey_mining.project import Project

DEMO_KEY = b"journey_mining public demo key: for synthetic data only"
"""published on purpose, so that the sample gives the same bytes everywhere; it protects nothing"""
ENVIRONMENT_NAME = "JOURNEY_KEY"
_LEAST_CHARACTERS = 16


def load_key(project: Project, *, environment: Mapping[str, str] | None = None, home: Path | None = None) -> bytes:
    """The key of a project: the demo key where settings ask for it, else `JOURNEY_KEY`, else the key file.

    The key file is `privacy.key_file`, by default `.config/journey_mining/key` under `home`. It is made on first use,
    readable by its owner only.

    Raises:
        SettingsError: the key is too short, or its file lies inside the project or can be read by others.
    """
    if project.settings.privacy.public_demo_key:
        return DEMO_KEY
    given = (os.environ if environment is None else environment).get(ENVIRONMENT_NAME, "")
    if given:
        return _long_enough(given, where=f"The environment variable {ENVIRONMENT_NAME}")
    path = _key_file(project, home or Path.home())
    if not path.exists():
        _create(path)
    return _read(path)


def _key_file(project: Project, home: Path) -> Path:
    named = project.settings.privacy.key_file
    path = (project.root / Path(named).expanduser()).resolve() if named else home / ".config" / "journey_mining" / "key"
    if path.is_relative_to(project.root.resolve()):
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


def _read(path: Path) -> bytes:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(
            f"The key file {path} can be read by other users.",
            expected="mode 0600: with the key, hashes can be turned back into phone numbers.",
            todo=f"Run `chmod 600 {path}`.",
        )
    return _long_enough(path.read_text(encoding="utf-8").strip(), where=f"The key file {path}")


def _long_enough(key: str, *, where: str) -> bytes:
    if len(key) < _LEAST_CHARACTERS:
        raise SettingsError(
            f"{where} holds a key of {len(key)} characters.",
            expected=f"at least {_LEAST_CHARACTERS} characters that nobody can guess.",
            todo='Make one with `python -c "import secrets; print(secrets.token_hex(32))"`.',
        )
    return key.encode()
