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

from journey_mining.cli_export import export_app
from journey_mining.cli_key import key_app
from journey_mining.cli_operate import operate_app
from journey_mining.cli_source import quarantine_app, source_app, stages_app
from journey_mining.cli_voice import voice_app
from journey_mining.errors import JourneyMiningError
from journey_mining.version import __version__

EXIT_FAILED = 1

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would print local values, which may be personal
    rich_markup_mode=None,
    help="Customer journey maps drawn from the events that a company already has.",
)
identity_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who is who, and why.")
explain_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Why something is as it is.")
app.add_typer(identity_app, name="identity")
app.add_typer(explain_app, name="explain")
app.add_typer(source_app, name="source")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(stages_app, name="stages")
app.add_typer(export_app, name="export")
app.add_typer(voice_app, name="voice")
app.add_typer(operate_app)
app.add_typer(key_app, name="key")

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
        list[str] | None,
        typer.Option(help="Source of the catalogue, or none; repeatable. Default: those whose files lie in the inbox."),
    ] = None,
    inbox: Annotated[str, typer.Option(help="Folder where exports land, relative to the project.")] = "inbox",
    demo: Annotated[bool, typer.Option(help="Synthetic data: use the published demo key for hashing.")] = False,
) -> None:
    """Make a project folder from a template.

    It holds settings, stages, segments, the sources in use and what you declare; every file is commented.
    """
    from journey_mining.project import init_project
    from journey_mining.sources import catalog_dir
    from journey_mining.sources.workbench import sources_to_start_with

    named = tuple(name for name in source or () if name != "none")
    chosen = named if source else sources_to_start_with(folder / inbox)
    written = init_project(folder, template=template, sources=chosen, catalog=catalog_dir(), inbox=inbox, demo=demo)
    made = f"Made {folder} with {len(written)} files from template {template}; sources: {', '.join(chosen) or 'none'}."
    console.print(made, markup=False)
    if not demo:
        console.print(f"Next: put exports into {folder / inbox} and run `journey run {folder}`.", markup=False)


@app.command()
def run(
    project: ProjectArgument = _HERE,
    force: Annotated[bool, typer.Option("--force", "--full", help="Build again even when nothing changed.")] = False,
    as_of: Annotated[datetime | None, typer.Option(help="Cutoff of the data (UTC): build a night of the past.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Take new files of this source alone; repeatable.")] = None,
    log_format: Annotated[str, typer.Option(help="text, json (a line each), or auto: json off a terminal.")] = "text",
) -> None:
    """Load new exports, build, check, publish the site, tell people as [notify] says.

    Nothing is built when no file, setting or code changed. A failed run leaves the published site in place.
    """
    from journey_mining.console_operate import run_once

    raise typer.Exit(run_once(console, complaints, project, form=log_format, force=force, as_of=as_of, only=only or ()))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Folder for the project of the demo; made if need be.")] = Path("demo"),
    customers: Annotated[
        int | None, typer.Option(min=50, help="Number of simulated customers.  [default: 1500, or the example's own]")
    ] = None,
    example: Annotated[
        str, typer.Option(help="Company to simulate: hosting, shop or certification; default: a small hosting company.")
    ] = "",
) -> None:
    """Simulate a company, run the whole line over its exports, say where the map is.

    Needs no network and no data of yours. Run again, it says that nothing changed: the folder is a project like others.
    """
    if not (folder / "journey.toml").is_file():
        made = _make_demo(folder, example, customers)
        console.print(f"Made {folder}: {made} simulated customers, their exports in {folder / 'inbox'}.", markup=False)
    run(folder)


def _make_demo(folder: Path, example: str, customers: int | None) -> int:
    """Make the project of an example, or that of the sample's company; how many customers were simulated."""
    if example:
        from journey_mining.examples import make_example

        return make_example(folder, example, customers).customers
    from journey_mining.project import init_project
    from journey_mining.simulation import write_world
    from journey_mining.sources import catalog_dir
    from journey_mining.sources.workbench.adopting import DEMO_SOURCES

    init_project(folder, template="it_services", sources=DEMO_SOURCES, catalog=catalog_dir(), demo=True)
    return write_world(folder / "inbox", customers=customers or 1500, seed=7).customers


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
    scenario: Annotated[
        str, typer.Option(help="What is planted: default, null, drift, ... (docs/accuracy.md).")
    ] = "default",
) -> None:
    """Write a simulated world: exports and the planted truth."""
    from journey_mining.simulation import write_world

    summary = write_world(out, customers=customers, seed=seed, scenario=scenario)
    size = summary.size_bytes / 1e6
    console.print(
        f"Wrote {len(summary.files)} files, {size:.1f} MB, into {out}; the truth is in answer_key/.", markup=False
    )


@app.command()
def forget(
    project: ProjectOption = _HERE,
    kind: Annotated[str, typer.Option(help="Kind of the identifier: email, phone, ym_client, ...")] = "email",
    value: Annotated[
        str, typer.Option(help="The identifier; - reads it from standard input, out of the history.")
    ] = "",
    from_file: Annotated[Path | None, typer.Option(help="File with kind:value a line, instead of --value.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Erase and publish at once, not with the next run.")] = False,
) -> None:
    """Forget a person: mark all that is known of them, write the act; the next run erases them and keeps them away.

    Exports in the inbox are the company's and stay as they are; the act says which of them hold the person.
    """
    from journey_mining.project import load_project
    from journey_mining.runs import project_lock
    from journey_mining.sources import Request, read_requests
    from journey_mining.sources import forget as forget_one
    from journey_mining.sources.forget import act_text
    from journey_mining.voice import sweep_voice, traces

    if not value and from_file is None:
        raise typer.BadParameter("name --value, or --from-file", param_hint="--value")
    opened = load_project(project)
    given = sys.stdin.readline().strip() if value == "-" else value
    requests = read_requests(from_file) if from_file else [Request(kind=kind, value=given)]
    with project_lock(opened.root):
        for request in requests:
            act = forget_one(opened, request, now=datetime.now(UTC), traces=traces)
            console.print(act_text(act), markup=False)
        sweep_voice(opened)
    if now:
        run(project, force=True)


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


@identity_app.command("review")
def identity_review(
    project: ProjectOption = _HERE,
    limit: Annotated[int, typer.Option(min=1, help="Persons to show at most.")] = 20,
) -> None:
    """List persons that may be several people: why, what holds them together, and what to paste to part them."""
    from journey_mining.identity import review, review_text
    from journey_mining.project import load_project
    from journey_mining.warehouse import DuckDBWarehouse

    with DuckDBWarehouse(load_project(project).warehouse_file, read_only=True) as warehouse:
        text = review_text(warehouse, review(warehouse, limit=limit))
    console.print(text, markup=False)


@app.command("explain-error")
def explain_error(
    code: Annotated[str, typer.Argument(help="The code that a message begins with, such as EMPTY_FILE.")],
) -> None:
    """Say what a code means, what leads to it and what helps."""
    from journey_mining.error_page import explanation

    console.print(explanation(code), markup=False)


@explain_app.command("person")
def explain_person_command(
    first: Annotated[str, typer.Argument(help="Identifier as kind:value.")],
    second: Annotated[str | None, typer.Argument(help="Another one.")] = None,
    project: ProjectOption = _HERE,
) -> None:
    """The same as `journey identity explain`."""
    identity_explain(first, second, project)


def _identifier(text: str) -> tuple[str, str]:
    kind, colon, value = text.partition(":")
    if not colon or not value:
        raise typer.BadParameter(f"{text!r} is not kind:value, such as email:anna@mail.example")
    return kind, value


if __name__ == "__main__":
    main()
