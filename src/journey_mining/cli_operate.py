"""The commands of those who keep a project running: rollback, deploy, doctor, notify."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

operate_app = typer.Typer(rich_markup_mode=None)
console = Console(highlight=False, soft_wrap=True)

ProjectOption = Annotated[Path, typer.Option("--project", "-p", help="Project folder; default: the current one.")]
_HERE = Path()


@operate_app.command()
def rollback(
    project: ProjectOption = _HERE,
    to: Annotated[int | None, typer.Option("--to", help="Number of the site to show; see --list.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Show the site before the one shown.")] = False,
    forward: Annotated[bool, typer.Option("--forward", help="Show the site after the one shown.")] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Show the newest site and follow the nights again.")
    ] = False,
) -> None:
    """List the kept sites, or show an earlier one; it stays until --release, and new nights are kept beside it.

    Tables (warehouse/journeys.duckdb) are those of the newest night in any case.
    """
    from journey_mining.console_operate import print_sites
    from journey_mining.project import load_project
    from journey_mining.runs import project_lock
    from journey_mining.site_status import show_newest, show_site, site_beside

    if sum((to is not None, back, forward, release)) > 1:
        raise typer.BadParameter("name one of --to, --back, --forward and --release")
    opened = load_project(project)
    with project_lock(opened.root):
        if release:
            show_newest(opened)
        elif back or forward:
            show_site(opened, site_beside(opened, later=forward))
        elif to is not None:
            show_site(opened, to)
    print_sites(console, opened)


@operate_app.command()
def deploy(
    project: ProjectOption = _HERE,
    cron: Annotated[str, typer.Option(help="When, as a cron line.")] = "0 3 * * *",
    timezone: Annotated[str, typer.Option(help="Zone of the cron line.")] = "Europe/Moscow",
    work_pool: Annotated[str, typer.Option(help="Work pool of type process; default: this process serves.")] = "",
    show: Annotated[str, typer.Option("--print", help="Write a schedule of another program: systemd or crontab.")] = "",
) -> None:
    """Keep the project on a schedule under Prefect, or print what systemd or cron need to run it without.

    Prefect's server is the one that PREFECT_API_URL names, else an embedded one.
    """
    from journey_mining.project import load_project
    from journey_mining.schedules import crontab_lines, pipelines_root, systemd_units

    root = load_project(project).root
    if show:
        makers = {"systemd": systemd_units, "crontab": crontab_lines}
        if show not in makers:
            raise typer.BadParameter(f"{show!r} is neither systemd nor crontab", param_hint="--print")
        console.print(makers[show](root, cron=cron, timezone=timezone), markup=False, end="")
        return
    script = str(pipelines_root() / "deploy.py")
    words = ["--project", str(root), "--cron", cron, "--timezone", timezone]
    words += ["--work-pool", work_pool] if work_pool else []
    # the flow takes the place of this process, so that a signal to stop reaches it
    os.execv(sys.executable, [sys.executable, script, *words])  # noqa: S606 - no shell, our own script


@operate_app.command()
def notify(project: ProjectOption = _HERE) -> None:
    """Send a test message through every channel of [notify]; exit code 1 where one does not take it."""
    from journey_mining.notices import channels_of, try_channels
    from journey_mining.project import load_project

    opened = load_project(project)
    channels = channels_of(opened.settings.notify)
    if not channels:
        console.print("No channel is set: [notify] in journey.toml is described in docs/operations.md.", markup=False)
    faults = try_channels(opened, channels)
    for name, fault in faults:
        console.print(f"{name}: {fault or 'sent'}", markup=False)
    raise typer.Exit(1 if any(fault for _, fault in faults) else 0)


@operate_app.command()
def doctor(project: ProjectOption = _HERE) -> None:
    """Look over the installation and the project and say what to do.

    Exit codes: 0 all is well, 3 there is something to look at, 1 a night cannot run.
    """
    from journey_mining.console_operate import print_findings
    from journey_mining.doctor import examine

    raise typer.Exit(print_findings(console, examine(project, now=datetime.now(UTC))))
