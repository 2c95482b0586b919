"""The command `journey key ...`: the secret that identifiers are hashed with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

key_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The secret that identifiers are hashed with.")
console = Console(highlight=False, soft_wrap=True)

ProjectOption = Annotated[Path, typer.Option("--project", "-p", help="Project folder; default: the current one.")]
_HERE = Path()


@key_app.command("rotate")
def key_rotate(project: ProjectOption = _HERE) -> None:
    """Make a new key and renew the marks of forgotten people with it; the next run builds all that is hashed anew.

    With JOURNEY_KEY in the environment, set the new key there and the former one in JOURNEY_FORMER_KEYS first. Asked
    again after an interruption, it makes one key more, which does no harm.
    """
    from journey_mining.privacy.keys import rotate_key
    from journey_mining.privacy.tombstones import renew_tombstones
    from journey_mining.project import load_project
    from journey_mining.runs import project_lock

    opened = load_project(project)
    with project_lock(opened.root):
        path = rotate_key(opened)
        renewed = renew_tombstones(opened)
    where = f"A new key stands in {path}" if path else "The keys of the environment are in force"
    console.print(f"{where}; {renewed} marks of forgotten people were renewed.", markup=False)
    console.print("Keep the former key there: without it, the marks mean nothing. Back the file up.", markup=False)
    console.print(f"Next: `journey run {project}` builds everything that is hashed with the new key.", markup=False)
