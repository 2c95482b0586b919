"""The flow itself.

Import it only after `nightly.keep_prefect_quiet`, or with Prefect's settings made by the operator.

Annotations are values here and no texts (`from __future__ import annotations`): for a scheduled run Prefect loads this
file by its path, under a name that texts cannot be looked up in, and would refuse the parameters of the flow.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event
from rich.console import Console

from journey_mining.console import printing_watcher
from journey_mining.errors import JourneyMiningError
from journey_mining.night_work import joined
from journey_mining.nights import Night
from journey_mining.notices import Channel, Message, channels_of, tell_people
from journey_mining.notices.channels import not_sent
from journey_mining.project import load_project
from journey_mining.report import Problem, StepReport
from journey_mining.runs import PUBLISHED, RunRecord
from journey_mining.steps import STEPS, Step, run_line
from journey_mining.summary import findings, gate_table

_RETRIES = 2
_RETRY_SECONDS = 20


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Only trouble with files or the disk may pass by itself; a wrong file or setting stays wrong."""
    fault = state.result(raise_on_failure=False)
    return isinstance(fault, OSError)


def _perform(step: Step, night: Night) -> StepReport:
    """Run one step as Prefect tasks: its parts (a source each) first, then the step, which meets them as done."""
    timeout = night.project.settings.run.step_timeout.total_seconds()
    options: dict[str, Any] = {
        "description": step.says,
        "retries": _RETRIES if step.touches_inbox else 0,
        "retry_delay_seconds": _RETRY_SECONDS,
        "retry_condition_fn": _may_pass,
        "timeout_seconds": timeout,
        # what a step is made from is hashed once, for the whole night: see `runs.fingerprint`
        "cache_policy": NO_CACHE,
        "persist_result": False,
    }
    parts = [task(step.run_part, name=f"{step.name}-{part}", **options)(night, part) for part in step.parts(night)]
    report: StepReport = task(step.run, name=step.name, **options)(night)
    return joined(parts, report) if parts else report


@flow(name="journey-nightly", log_prints=False, persist_result=False)
def nightly(
    root: str,
    *,
    full: bool = False,
    as_of: datetime | None = None,
    only: list[str] | None = None,
) -> RunRecord:
    """Load, build, check, publish, tell; fails when the run fails, so that a scheduler sees it.

    `full` builds even when nothing changed; `as_of` (UTC) builds the state of an earlier cutoff; `only` takes new files
    of these sources alone.
    """
    record = run_line(
        Path(root),
        perform=_perform,
        watcher=printing_watcher(Console(highlight=False, soft_wrap=True)),
        force=full,
        as_of=as_of,
        only=only or (),
        tell=_tell,
    )
    project = load_project(Path(root))
    create_markdown_artifact(key="journey-run", markdown=_summary(Path(root), record), description="What the run did")
    create_table_artifact(key="journey-data-quality", table=gate_table(project), description="Quality gates of sources")
    link = project.settings.notify.site_url or (project.site / "index.html").as_uri()
    create_link_artifact(key="journey-site", link=link, link_text="The published site")
    return record


def _tell(root: Path, record: RunRecord) -> Sequence[Problem]:
    """Tell people through plain channels and Prefect's blocks, and automations by events."""
    _emit(root, f"journey.{record.status}", {"error_code": record.error_code, "problems": len(record.problems)})
    for problem in record.problems:
        if problem.code.startswith("GATE_") or problem.code == "ALARM":
            _emit(root, f"journey.{problem.code.lower().replace('_', '.')}", {"where": problem.where})
    try:
        settings = load_project(root).settings.notify
    except JourneyMiningError:
        return ()  # the settings themselves are what is wrong
    return tell_people(root, record, [*channels_of(settings), *map(_block, settings.prefect_blocks)])


def _emit(root: Path, event: str, payload: dict[str, Any]) -> None:
    resource = {"prefect.resource.id": f"journey.project.{root.name}", "prefect.resource.name": root.name}
    emit_event(event=event, resource=resource, payload=payload)


def _block(slug: str) -> Channel:
    """A notification block of the Prefect server, such as `slack-webhook/alerts`, as a channel."""

    def send(message: Message) -> None:
        try:
            block = Block.load(slug)
            is_able = isinstance(block, NotificationBlock)
            if is_able:
                block.notify(message.text, subject=message.subject)
        except Exception as fault:  # noqa: BLE001 - blocks raise whatever their libraries raise, with addresses in it
            raise not_sent(slug, type(fault).__name__) from None
        if not is_able:
            raise not_sent(slug, "it is no notification block")

    return Channel(name=slug, send=send)


def _summary(root: Path, record: RunRecord) -> str:
    """The run in Markdown: outcome, findings, steps, problems."""
    done = {step.name: step for step in record.steps}
    lines = [f"# {record.status}", ""]
    if record.status == PUBLISHED:
        lines += [*findings(load_project(root)), ""]
    lines += ["| step | seconds | counts |", "|---|---|---|"]
    for step in STEPS:
        if step.name in done:
            counts = ", ".join(f"{name} {count}" for name, count in done[step.name].counts.items())
            lines.append(f"| {step.name} | {done[step.name].seconds:.1f} | {counts} |")
    lines += ["", *(f"- {problem.where}: {problem.text}" for problem in record.problems)]
    return "\n".join(lines)
