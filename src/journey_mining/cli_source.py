"""The commands `journey source`, `quarantine` and `stages`: what comes in, what was set aside, where it is placed."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

source_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The exports that a project reads.")
quarantine_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Rows that could not be taken.")
stages_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Stages and the rules that place events.")
console = Console(highlight=False, soft_wrap=True)

ProjectOption = Annotated[Path, typer.Option("--project", "-p", help="Project folder; default: the current one.")]
_HERE = Path()


class Role(StrEnum):
    """What a system is for; decides which events its rows may be."""

    CRM = "crm"
    WEB = "web"
    SUPPORT = "support"
    FEEDBACK = "feedback"
    OTHER = "other"


@source_app.command("list")
def source_list(project: ProjectOption = _HERE) -> None:
    """List the sources that the project reads, with their files in the inbox, and what the catalogue offers beside."""
    from journey_mining.console_sources import print_sources
    from journey_mining.project import load_project

    print_sources(console, load_project(project))


@source_app.command("add")
def source_add(
    names: Annotated[list[str], typer.Argument(help="Sources of the catalogue, such as hubspot.")],
    project: ProjectOption = _HERE,
) -> None:
    """Copy sources of the catalogue into the project. Nothing that is there is overwritten."""
    from journey_mining.console_sources import print_adopted
    from journey_mining.project import load_project
    from journey_mining.sources.workbench import adopt_sources

    opened = load_project(project)
    print_adopted(console, opened, adopt_sources(opened, names))


@source_app.command("new")
def source_new(
    name: Annotated[str, typer.Argument(help="Name of the new source: lower-case letters, digits, _.")],
    files: Annotated[list[Path], typer.Option("--from", help="An export of it, or a folder of them; repeatable.")],
    role: Annotated[Role, typer.Option(help="What the system is for.")] = Role.OTHER,
    timezone: Annotated[str, typer.Option(help="Zone of times that carry none, such as Europe/Moscow.")] = "",
    project: ProjectOption = _HERE,
) -> None:
    """Draft a source from its files: spec.toml, SQL that runs, and a TODO wherever the files leave a question open."""
    from journey_mining.console_sources import print_draft
    from journey_mining.project import load_project
    from journey_mining.sources.workbench import draft_source

    opened = load_project(project)
    print_draft(console, opened, draft_source(opened, name, files, role=role.value, timezone=timezone))


@source_app.command("check")
def source_check(
    name: Annotated[str, typer.Argument(help="Source of the project; default: all.")] = "",
    project: ProjectOption = _HERE,
    files: Annotated[
        list[Path] | None, typer.Option("--from", help="File to try in place of the inbox; repeatable.")
    ] = None,
    show_values: Annotated[bool, typer.Option(help="Print values as they are: they may be personal.")] = False,
) -> None:
    """Try a source on the files in the inbox without storing anything, and say what to change.

    Exit codes: 0 nothing to change, 1 the spec is wrong or no row can be taken, 3 there is something to change.
    """
    from journey_mining.console_sources import print_checks
    from journey_mining.project import load_project
    from journey_mining.sources.workbench import check_source

    checks = check_source(
        load_project(project), name, now=datetime.now(UTC), files=files or [], show_values=show_values
    )
    raise typer.Exit(print_checks(console, checks))


@quarantine_app.command("show")
def quarantine_show(
    project: ProjectOption = _HERE,
    source: Annotated[str, typer.Option(help="Only rows of this source.")] = "",
    reason: Annotated[str, typer.Option(help="Only rows set aside for this reason.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Rows to show at most.")] = 50,
) -> None:
    """Count quarantined rows by reason, then list them: file, line, column. Values stay in the private database."""
    from journey_mining.console_sources import print_quarantine
    from journey_mining.project import load_project

    print_quarantine(console, load_project(project), source=source, reason=reason, limit=limit)


@quarantine_app.command("retry")
def quarantine_retry(project: ProjectOption = _HERE) -> None:
    """Try quarantined rows again under the present specs; the next run builds what came of it."""
    from journey_mining.console_sources import print_retried
    from journey_mining.project import load_project
    from journey_mining.sources import retry_quarantine

    raise typer.Exit(print_retried(console, retry_quarantine(load_project(project), now=datetime.now(UTC))))


@stages_app.command("suggest")
def stages_suggest(
    project: ProjectOption = _HERE,
    out: Annotated[Path | None, typer.Option(help="File to write to; default: the terminal.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rules to suggest at most.")] = 30,
) -> None:
    """Suggest rules for the most frequent activities that stages.toml does not know. It is never changed for you."""
    from journey_mining.project import load_project
    from journey_mining.sources.workbench import suggest_rules

    text = suggest_rules(load_project(project), limit=limit)
    if out is None:
        console.print(text, markup=False, end="")
        return
    if out.exists():
        raise typer.BadParameter(f"{out} is there already; name another file", param_hint="--out")
    out.write_text(text, encoding="utf-8")
    console.print(f"Wrote {out}; copy what is right into stages.toml.", markup=False)
