"""What the published site says of the last run, written beside its pages.

In: the record of the run, the gates, which site is shown. Out: `status.js` of the site that readers see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from journey_mining.dashboards import RunStatus, write_status
from journey_mining.errors import JourneyMiningError, NotFoundError
from journey_mining.gates import FAIL, SourceAge, old_sources
from journey_mining.project import Project, Settings, load_project
from journey_mining.publishing import held_number, hold, kept_sites, published_value, release, shown_number
from journey_mining.runs import FAILED, RunRecord, read_runs


def tell_site(root: Path, record: RunRecord, *, ages: Sequence[SourceAge] | None = None) -> None:
    """Let every page of the published site say how the last run ended; `ages` are asked for where none are given."""
    site = root / "site"
    if not site.is_dir():
        return
    started = datetime.fromisoformat(record.started_at)
    late = _ages(root, started.astimezone(UTC)) if ages is None else ages
    status = RunStatus(
        outcome="failed" if record.status == FAILED else "ok",
        run_at=started.replace(tzinfo=None),
        shown_until=shown_until(root),
        reason=record.error_code,
        rejected=tuple(problem.where for problem in record.problems if problem.is_file),
        late=tuple((age.source, round(age.hours), age.standing == FAIL) for age in late),
        is_held=held_number(root) is not None,
        timezone=_zone(root),
    )
    write_status(site, status)


def show_site(project: Project, number: int) -> None:
    """Show a kept site until `show_newest`, and say so on its pages.

    Raises:
        NotFoundError: there is no such site.
        JourneyMiningError: it was drawn under other rules of privacy.
    """
    hold(project, number)
    _retell(project.root)


def show_newest(project: Project) -> None:
    """Show the newest site and follow the nights again."""
    release(project.root)
    _retell(project.root)


def site_beside(project: Project, *, later: bool) -> int:
    """Number of the kept site before, or after, the one shown.

    Raises:
        NotFoundError: there is none on that side.
    """
    shown = shown_number(project.root) or 0
    numbers = [site.number for site in kept_sites(project.root)]
    beside = [number for number in numbers if (number > shown if later else number < shown)]
    if not beside:
        side = "later" if later else "earlier"
        raise NotFoundError(
            f"No site {side} than {shown} is kept.",
            expected="a kept site on that side.",
            todo="`journey rollback` lists them; `run.keep_sites` in journey.toml says how many are kept.",
        )
    return min(beside) if later else max(beside)


def _retell(root: Path) -> None:
    last = next(reversed(read_runs(root)), None)
    if last is not None:
        tell_site(root, last)


def shown_until(root: Path) -> datetime | None:
    """Cutoff of the data on the pages that are shown, naive UTC."""
    shown = shown_number(root)
    found = next((site for site in kept_sites(root) if site.number == shown), None)
    if found is not None and found.as_of:
        return datetime.fromisoformat(found.as_of)
    cutoff = published_value(root, "run_setting", "as_of")
    return cutoff if isinstance(cutoff, datetime) else None


def _ages(root: Path, now: datetime) -> tuple[SourceAge, ...]:
    try:
        return old_sources(load_project(root), now=now)
    except JourneyMiningError:
        return ()


def _zone(root: Path) -> str:
    """Zone in which pages print times; the default where the settings are what is wrong."""
    try:
        return load_project(root).settings.project.timezone
    except JourneyMiningError:
        return Settings().project.timezone
