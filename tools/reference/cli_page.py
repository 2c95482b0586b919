"""docs/cli.md: every command with its arguments and options, from the command line itself."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from journey_mining.cli import app

_HEAD = """\
# The command line

`journey --help` says the same in the terminal. Exit codes: 0 done (or nothing changed), 1 failed, 2 wrong usage,
3 done, but there is something to look at. What a code in front of a message means: `journey explain-error CODE`, or
[errors](errors.md). `journey --install-completion` makes the shell complete commands and options.

<!-- written by `make reference` from the code; do not edit -->
"""


def cli_page() -> str:
    """The whole page."""
    return _HEAD + "".join(_sections("journey", get_command(app)))


def command_names() -> list[str]:
    """Every command with the words before it, such as "source add"."""
    return [name.removeprefix("journey ") for name, _ in _commands("journey", get_command(app))]


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None) or {}
    if not inner or (command.callback is not None and command.invoke_without_command and name != "journey"):
        yield name, command
    for word, one in inner.items():
        yield from _commands(f"{name} {word}", one)


def _sections(name: str, command: Any) -> Iterator[str]:
    for full, one in _commands(name, command):
        arguments = [each for each in one.params if each.param_type_name == "argument"]
        options = [each for each in one.params if each.param_type_name == "option" and each.name != "help"]
        usage = " ".join([full, *(_shown(each) for each in arguments), *(["[OPTIONS]"] if options else [])])
        yield f"\n## {full}\n\n    {usage}\n\n{_text(one.help)}\n"
        if one.params:
            yield "\n| | default | |\n|---|---|---|\n"
        for each in (*arguments, *options):
            yield f"| {_names(each)} | {_default(each)} | {_text(each.help).replace('|', chr(92) + '|')} |\n"


def _shown(argument: Any) -> str:
    name = (argument.metavar or argument.name).upper() + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{_shown(parameter)}`"
    off = [f"`{name}`" for name in parameter.secondary_opts]
    return ", ".join([*(f"`{name}`" for name in parameter.opts), *off])


def _default(parameter: Any) -> str:
    value = parameter.default
    if parameter.required:
        return "needed"
    if value is None or value is False or value in ("", (), []) or callable(value):
        return ""
    return f"`{value.value if isinstance(value, enum.Enum) else value}`"


def _text(text: str | None) -> str:
    return (text or "").replace("\b", "").strip().replace("*", r"\*")
