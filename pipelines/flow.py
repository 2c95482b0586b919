"""The flow itself.

Import it only after `nightly.keep_prefect_quiet`, or with Prefect's settings made by the operator.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from rich.console import Console

from journey_mining.console import printing_watcher
from journey_mining.project import load_project
from journey_mining.runs import PUBLISHED, RunRecord
from journey_mining.steps import STEPS, Night, Step, run_line
from journey_mining.summary import findings

if TYPE_CHECKING:
    from journey_mining.report import StepReport

_RETRIES = 2
_RETRY_SECONDS = 20


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Only trouble with files or the disk may pass by itself; a wrong file or setting stays wrong."""
    fault = state.result(raise_on_failure=False)
    return isinstance(fault, OSError)


def _perform(step: Step, night: Night) -> StepReport:
    """Run one step as a Prefect task."""
    as_task = task(
        step.run,
        name=step.name,
        description=step.says,
        retries=_RETRIES if step.touches_inbox else 0,
        retry_delay_seconds=_RETRY_SECONDS,
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    report: StepReport = as_task(night)
    return report


@flow(name="journey-nightly", log_prints=False, persist_result=False)
def nightly(root: str, *, force: bool = False) -> RunRecord:
    """Load, build, check, publish; fails when the run fails, so that a scheduler sees it."""
    record = run_line(
        Path(root),
        perform=_perform,
        watcher=printing_watcher(Console(highlight=False, soft_wrap=True)),
        force=force,
    )
    create_markdown_artifact(key="journey-run", markdown=_summary(Path(root), record), description="What the run did")
    return record


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
