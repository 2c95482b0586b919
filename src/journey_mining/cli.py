"""The command line: `journey ...`. The only place that prints, and one of two that catch our errors.

Exit codes: 0 done (or nothing changed), 1 the run failed, 2 wrong usage, 3 done, but files were rejected or checks
warn.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from journey_mining.errors import JourneyMiningError
from journey_mining.version import __version__

EXIT_FAILED = 1

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would print local values, which may be personal
    rich_markup_mode=None,
    help="Customer journey maps drawn from the events that a company already has.",
)
identity_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who is who, and why.")
explain_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Why something is as it is.")
source_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The exports that a project reads.")
quarantine_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Rows that could not be taken.")
app.add_typer(identity_app, name="identity")
app.add_typer(explain_app, name="explain")
app.add_typer(source_app, name="source")
app.add_typer(quarantine_app, name="quarantine")

ProjectArgument = Annotated[Path, typer.Argument(help="Project folder; default: the current one.")]
ProjectOption = Annotated[Path, typer.Option("--project", "-p", help="Project folder; default: the current one.")]
_HERE = Path()

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command line; our own errors become their text and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal without Unicode gets question marks instead of a traceback
            stream.reconfigure(errors="replace")
    try:
        app()
    except JourneyMiningError as error:
        complaints.print(f"{error.code}: {error}", markup=False)
        raise SystemExit(EXIT_FAILED) from None


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    if version:
        console.print(f"journey_mining {__version__}")
        raise typer.Exit


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="New folder for the project.")],
    template: Annotated[str, typer.Option(help="it_services (7 stages), retail (6) or b2b (4).")] = "it_services",
    source: Annotated[
        list[str] | None, typer.Option(help="Source of the catalogue to use; repeatable. Default: all.")
    ] = None,
    inbox: Annotated[str, typer.Option(help="Folder where exports land, relative to the project.")] = "inbox",
    demo: Annotated[bool, typer.Option(help="Synthetic data: use the published demo key for hashing.")] = False,
) -> None:
    """Make a project folder from a template.

    It holds settings, stages, segments, the sources in use and what you declare; every file is commented.
    """
    from journey_mining.project import init_project
    from journey_mining.sources import catalog_dir

    catalog = catalog_dir()
    chosen = (
        tuple(source) if source else tuple(sorted(p.name for p in catalog.iterdir() if (p / "spec.toml").is_file()))
    )
    written = init_project(folder, template=template, sources=chosen, catalog=catalog, inbox=inbox, demo=demo)
    made = f"Made {folder} with {len(written)} files from template {template}; sources: {', '.join(chosen)}."
    console.print(made, markup=False)
    if not demo:
        console.print(f"Next: put exports into {folder / inbox} and run `journey run {folder}`.", markup=False)


@app.command()
def run(
    project: ProjectArgument = _HERE,
    force: Annotated[bool, typer.Option(help="Build again even when nothing changed.")] = False,
) -> None:
    """Load new exports, build, check, publish the site.

    Nothing is built when no file, setting or code changed. A failed run leaves the published site in place.
    """
    from journey_mining.console import print_failure, print_outcome, printing_watcher
    from journey_mining.steps import run_line

    try:
        record = run_line(project, watcher=printing_watcher(console), force=force)
    except JourneyMiningError as error:
        raise typer.Exit(print_failure(complaints, project, error)) from error
    raise typer.Exit(print_outcome(console, project, record))


@app.command()
def status(project: ProjectArgument = _HERE) -> None:
    """Say what is loaded, how fresh, and how the last runs went."""
    from journey_mining.console import print_status
    from journey_mining.project import load_project

    print_status(console, load_project(project), now=datetime.now(UTC))


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write the exports and the answer key to.")],
    customers: Annotated[int, typer.Option(min=50, help="Number of simulated customers.")] = 5000,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 7,
) -> None:
    """Write a simulated world: exports and the planted truth."""
    from journey_mining.simulation import write_world

    summary = write_world(out, customers=customers, seed=seed)
    size = summary.size_bytes / 1e6
    console.print(
        f"Wrote {len(summary.files)} files, {size:.1f} MB, into {out}; the truth is in answer_key/.", markup=False
    )


@identity_app.command("explain")
def identity_explain(
    first: Annotated[str, typer.Argument(help="Identifier as kind:value, such as email:anna@mail.example.")],
    second: Annotated[str | None, typer.Argument(help="Another one, to learn whether and why they are one.")] = None,
    project: ProjectOption = _HERE,
) -> None:
    """Say why two identifiers are one person, or everything known of the person behind one."""
    from journey_mining.identity import explain, explain_person, explanation_text, person_text
    from journey_mining.privacy import load_key
    from journey_mining.project import load_project
    from journey_mining.warehouse import DuckDBWarehouse

    opened = load_project(project)
    key = load_key(opened)
    with DuckDBWarehouse(opened.warehouse_file, read_only=True) as warehouse:
        if second is None:
            text = person_text(explain_person(warehouse, _identifier(first), key))
        else:
            text = explanation_text(explain(warehouse, _identifier(first), _identifier(second), key))
    console.print(text, markup=False)


@explain_app.command("person")
def explain_person_command(
    first: Annotated[str, typer.Argument(help="Identifier as kind:value.")],
    second: Annotated[str | None, typer.Argument(help="Another one.")] = None,
    project: ProjectOption = _HERE,
) -> None:
    """The same as `journey identity explain`."""
    identity_explain(first, second, project)


@source_app.command("list")
def source_list(project: ProjectOption = _HERE) -> None:
    """List the sources that the project reads, and what the catalogue offers beside them."""
    from journey_mining.console import print_sources
    from journey_mining.project import load_project

    print_sources(console, load_project(project))


@source_app.command("check")
def source_check(project: ProjectOption = _HERE) -> None:
    """Check every spec and its event SQL without loading anything."""
    from journey_mining.project import load_project
    from journey_mining.sources import check_specs

    problems = check_specs(load_project(project))
    for problem in problems:
        complaints.print(f"{problem.code} {problem.where}: {problem.text}", markup=False)
    if problems:
        raise typer.Exit(EXIT_FAILED)
    console.print("Every spec is sound.")


@quarantine_app.command("show")
def quarantine_show(
    project: ProjectOption = _HERE,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show at most.")] = 50,
) -> None:
    """List quarantined rows: file, line, column, reason. Values stay in the private database."""
    from journey_mining.project import load_project
    from journey_mining.sources import read_quarantine

    rows = read_quarantine(load_project(project), limit=limit)
    table = Table("source", "file", "line", "column", "reason", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.source, row.path, str(row.line), row.column_name or "", row.reason)
    console.print(table if rows else "Nothing is in quarantine.")


def _identifier(text: str) -> tuple[str, str]:
    kind, colon, value = text.partition(":")
    if not colon or not value:
        raise typer.BadParameter(f"{text!r} is not kind:value, such as email:anna@mail.example")
    return kind, value


if __name__ == "__main__":
    main()
