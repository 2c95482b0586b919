"""The commands `journey export ...`: handouts of a segment, what there is to take, event logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

export_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
console = Console(highlight=False, soft_wrap=True)

ProjectOption = Annotated[Path, typer.Option("--project", "-p", help="Project folder; default: the current one.")]
Several = list[str] | None
_HERE = Path()


@export_app.callback(invoke_without_command=True)
def export(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    project: ProjectOption = _HERE,
    form: Annotated[
        Several,
        typer.Option(
            "--format",
            "-f",
            help="xlsx, csv, md, mermaid, html, parquet, xes, ocel, pdf, png, svg; repeatable. "
            "Default: xlsx, md, mermaid, html.",
        ),
    ] = None,
    segment: Annotated[Several, typer.Option(help="Segment; repeatable. Default: all, that is everybody.")] = None,
    every_segment: Annotated[bool, typer.Option("--every-segment", help="Each segment that has pages.")] = False,
    language: Annotated[Several, typer.Option(help="ru or en; repeatable. Default: those of the project.")] = None,
    page: Annotated[
        Several, typer.Option(help="Page for pdf and png, as `journey export list` names it; repeatable. Default: map.")
    ] = None,
    figure: Annotated[
        Several,
        typer.Option(help="Figure for svg and png; repeatable. Default: svg takes those of map and paths, png none."),
    ] = None,
    paper: Annotated[str, typer.Option(help="Sheets of a pdf: a3 or a4.")] = "a3",
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to, made if need be; default: exports in the project.")
    ] = None,
) -> None:
    """Take a segment away: as a workbook, a summary, a diagram, one HTML file, tables, a print; and journeys as logs.

    Numbers are those of the pages. What is too small to be shown there is in no file either.
    """
    if context.invoked_subcommand is not None:
        _refuse_lost_options(context)
        return
    from journey_mining.console_handouts import print_written
    from journey_mining.handouts import PLAIN_FORMS, Wish, form_named, write_handouts
    from journey_mining.project import load_project

    opened = load_project(project)
    wish = Wish(
        out=out or opened.root / "exports",
        forms=tuple(form_named(name) for name in form or PLAIN_FORMS),
        segments=() if every_segment else tuple(segment or ("all",)),
        languages=tuple("ru" if name == "ru" else "en" for name in _among(language or [], ("ru", "en"), "--language")),
        pages=tuple(page or ()),
        figures=tuple(figure or ()),
        paper="a4" if _among([paper], ("a3", "a4"), "--paper") == ["a4"] else "a3",
    )
    print_written(console, write_handouts(opened, wish))


@export_app.command("list")
def export_list(project: ProjectOption = _HERE) -> None:
    """Say what can be taken away: formats, segments, pages, figures."""
    from journey_mining.console_handouts import print_choices
    from journey_mining.handouts import published_state
    from journey_mining.project import load_project

    print_choices(console, published_state(load_project(project)))


@export_app.command("log")
def export_log_command(
    out: Annotated[Path, typer.Option(help="File to write, replacing one that is there; texts also as .gz.")],
    form: Annotated[
        str, typer.Option("--format", help="xes, csv, parquet, ocel-json, ocel-xml or ocel-sqlite.")
    ] = "xes",
    segment: Annotated[str, typer.Option(help="Segment of journeys.")] = "all",
    level: Annotated[str, typer.Option(help="touchpoint: each step; stage: each entry into a stage.")] = "touchpoint",
    project: ProjectOption = _HERE,
) -> None:
    """Write the journeys as an event log for process mining. Segments with too few customers are in no log."""
    from journey_mining.event_logs import LogFormat, LogLevel, export_log
    from journey_mining.project import load_project

    if form not in list(LogFormat):
        raise typer.BadParameter(f"{form!r} is none of {', '.join(LogFormat)}", param_hint="--format")
    if level not in list(LogLevel):
        raise typer.BadParameter(f"{level!r} is none of {', '.join(LogLevel)}", param_hint="--level")
    made = export_log(load_project(project), out=out, form=LogFormat(form), segment=segment, level=LogLevel(level))
    console.print(f"Wrote {made.event_count} events, {made.size_bytes / 1e6:.1f} MB, into {made.path}.", markup=False)


def _among(names: list[str], known: tuple[str, ...], option: str) -> list[str]:
    wrong = [name for name in names if name not in known]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is none of {', '.join(known)}", param_hint=option)
    return names


def _refuse_lost_options(context: typer.Context) -> None:
    """An option before `list` or `log` would be read by nobody."""
    sources = (context.get_parameter_source(name) for name in context.params)
    if any(source is not None and source.name == "COMMANDLINE" for source in sources):
        raise typer.BadParameter(f"options of `{context.invoked_subcommand}` stand after its name")
