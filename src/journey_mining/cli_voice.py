"""The commands `journey voice ...`: label, adapt, evaluate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

voice_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="How texts are scored, and how well.")
console = Console(highlight=False, soft_wrap=True)

ProjectOption = Annotated[Path, typer.Option("--project", "-p", help="Project folder; default: the current one.")]
LabelsOption = Annotated[
    Path | None, typer.Option("--labels", help="Label file, .xlsx or CSV; default: voice/labels.xlsx of the project.")
]
_HERE = Path()


@voice_app.command("label")
def voice_label(
    project: ProjectOption = _HERE,
    count: Annotated[int, typer.Option(min=1, max=10_000, help="Texts to label.")] = 200,
    out: Annotated[
        Path | None, typer.Option(help="Workbook to write, with a CSV beside it; default: voice/labels.xlsx.")
    ] = None,
) -> None:
    """Write redacted texts of customers, spread over stages, languages and scores, to be labelled in a spreadsheet."""
    from journey_mining.console_voice import print_label_files
    from journey_mining.project import load_project
    from journey_mining.voice.labelling import write_label_files
    from journey_mining.voice.places import labels_file

    opened = load_project(project)
    try:
        files = write_label_files(opened, count=count, out=out or labels_file(opened.root))
    except FileExistsError as there:
        message = f"{there.args[0]} is there already, perhaps with labels; name another file"
        raise typer.BadParameter(message, param_hint="--out") from there
    print_label_files(console, files)


@voice_app.command("adapt")
def voice_adapt(project: ProjectOption = _HERE, labels: LabelsOption = None) -> None:
    """Fit the embedded engine to your labels and ratings; keep it only where it is better on texts it had not seen."""
    from journey_mining.console_voice import print_adaptation, print_label_notes
    from journey_mining.project import load_project
    from journey_mining.runs import project_lock
    from journey_mining.voice.adapting import adapt
    from journey_mining.voice.label_file import read_labels
    from journey_mining.voice.places import labels_file

    opened = load_project(project)
    path = labels or labels_file(opened.root)
    print_label_notes(console, read_labels(path))
    with project_lock(opened.root):
        print_adaptation(console, adapt(opened, path))


@voice_app.command("evaluate")
def voice_evaluate(
    project: ProjectOption = _HERE,
    labels: LabelsOption = None,
    engine: Annotated[
        str,
        typer.Option(
            help="embedded, shipped, vader, onnx:FOLDER, hf:FOLDER, endpoint, cascade:ENGINE; default: the project's."
        ),
    ] = "",
    json_file: Annotated[Path | None, typer.Option("--json", help="File to write the numbers to as well.")] = None,
) -> None:
    """Measure an engine on labelled texts: macro-F1 with intervals, confusion, calibration, speed.

    Without a project, --labels and --engine suffice.
    """
    from journey_mining.console_voice import print_evaluation, print_label_notes
    from journey_mining.project import load_project
    from journey_mining.voice.engines import engine_named
    from journey_mining.voice.evaluating import evaluate
    from journey_mining.voice.label_file import read_labels
    from journey_mining.voice.places import labels_file

    is_alone = labels is not None and bool(engine) and not (project / "journey.toml").is_file()
    opened = None if is_alone else load_project(project)
    path = labels or labels_file(project)
    print_label_notes(console, read_labels(path))
    if opened is None:
        scorer = engine_named(engine)
    else:
        settings = opened.settings.voice
        scorer = engine_named(engine or settings.engine, root=opened.root, settings=settings)
    found = evaluate(scorer, path, opened)
    print_evaluation(console, found)
    if json_file is not None:
        text = json.dumps(found.as_json(), ensure_ascii=False, indent=2, sort_keys=True)
        json_file.write_text(text + "\n", encoding="utf-8")
        console.print(f"Wrote {json_file}", markup=False)
