"""What the terminal shows of sources: what there is, drafts, dry runs, quarantine. Words and counts for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase

from rich.console import Console
from rich.table import Table

from journey_mining.console import EXIT_FAILED, EXIT_PROBLEMS, spaced
from journey_mining.privacy import redact
from journey_mining.project import Project
from journey_mining.sources import Retried, load_sources, read_quarantine
from journey_mining.sources.file_names import shown_name
from journey_mining.sources.workbench.adopting import Adopted, catalog_names
from journey_mining.sources.workbench.check_report import SourceCheck, StreamCheck
from journey_mining.sources.workbench.drafting import Draft

_MOST_ROWS = 1_000_000
_MOST_UNMAPPED = 12
_MOST_NAMES = 5


def print_sources(console: Console, project: Project) -> None:
    """The project's sources with their files, then the rest of the catalogue."""
    used = load_sources(project.sources)
    names = [path.relative_to(project.inbox).as_posix() for path in project.inbox.rglob("*") if path.is_file()]
    table = Table("source", "system", "role", "streams", "files in the inbox", box=None, pad_edge=False)
    for source in used:
        globs = [glob for stream in source.streams for glob in stream.files]
        count = sum(any(fnmatchcase(name, glob) for glob in globs) for name in names)
        streams = ", ".join(stream.id for stream in source.streams)
        table.add_row(source.id, source.settings.system, source.settings.role, streams, str(count))
    console.print(table if used else "The project reads no source yet.")
    folders = {source.folder.name for source in used}
    offered = [name for name in catalog_names() if name not in folders]
    if offered:
        console.print(f"Also in the catalogue (`journey source add NAME`): {', '.join(offered)}.", markup=False)
    console.print("Another system: `journey source new NAME --from FILE`.", markup=False)


def print_adopted(console: Console, project: Project, adopted: Sequence[Adopted]) -> None:
    """What was copied and where its files belong."""
    for source in adopted:
        console.print(f"{source.id}: copied to {source.folder}", markup=False)
        if source.about:
            console.print(source.about, markup=False)
        console.print(f"It takes these files of {project.inbox}:", markup=False)
        for glob in source.globs:
            console.print(f"  {glob}", markup=False)
        console.print(f"Next: `journey source check {source.folder.name}`.", markup=False)


def print_draft(console: Console, project: Project, draft: Draft) -> None:
    """What was drafted, what is open, and what to do next."""
    plan = draft.plan
    console.print(f"Drafted {draft.folder}: {', '.join(draft.files)}", markup=False)
    for stream in plan.streams:
        guess = stream.guess
        files = "1 file" if len(guess.samples) == 1 else f"{len(guess.samples)} files"
        kind = f"{stream.event_kind} at {guess.time.name}" if stream.event_kind and guess.time else "looked up"
        console.print(
            f"  {guess.id}: {guess.samples[0].format}, {files}, {spaced(guess.row_count)} rows looked at, "
            f"{len(guess.columns)} columns, key {' + '.join(guess.key)}, {kind}",
            markup=False,
        )
        console.print(f"    names people by: {_kinds(stream.identifiers)}", markup=False)
    for skipped in draft.skipped:
        console.print(f"  ! not looked at: {skipped}", markup=False)
    console.print(f"{draft.todo_count} questions are open: search for TODO in {draft.folder}.", markup=False)
    if draft.outside:
        names = ", ".join(shown_name(path.name) for path in draft.outside[:_MOST_NAMES])
        more = f" and {len(draft.outside) - _MOST_NAMES} more" if len(draft.outside) > _MOST_NAMES else ""
        console.print(f"Put {names}{more} into {project.inbox / plan.source}/.", markup=False)
    console.print(f"Next: `journey source check {plan.source}`.", markup=False)


def _kinds(identifiers: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{column} ({kind})" for kind, column in identifiers) or "nothing"


def print_checks(console: Console, checks: Sequence[SourceCheck]) -> int:
    """Every dry run; the exit code."""
    for check in checks:
        console.print(f"{check.source}", markup=False)
        for stream in check.streams:
            _print_stream(console, stream)
        _print_events(console, check)
        _print_advice(console, check)
    if not checks:
        console.print(
            "The project reads no source yet: `journey source add NAME` or `journey source new NAME --from FILE`."
        )
    if any(check.is_failed for check in checks):
        return EXIT_FAILED
    if checks and all(not check.advice for check in checks):
        console.print("Every spec is sound.")
    return EXIT_PROBLEMS if any(check.has_files and check.advice for check in checks) else 0


def _print_stream(console: Console, stream: StreamCheck) -> None:
    if not stream.files:
        console.print(f"  {stream.id}: no file ({', '.join(stream.globs)})", markup=False)
        return
    counts = {name: stream.total(f"rows_{name}") for name in ("read", "accepted", "quarantined", "collapsed")}
    told = ", ".join(f"{spaced(count)} {name}" for name, count in counts.items() if count or name == "read")
    console.print(f"  {stream.id}: {len(stream.files)} files, rows {told}; {spaced(stream.current_count)} records now")
    for file in stream.files:
        mark = " REJECTED" if file.rejected else " over the limit of bad rows" if file.over_limit else ""
        console.print(f"    {file.name}: {spaced(file.rows_read)} rows{mark}", markup=False)
    mapped = [f"{column.name} {spaced(column.filled_count)}" for column in stream.columns if column.filled_count]
    empty = [column.name for column in stream.columns if not column.filled_count]
    for words, listed in (("filled", mapped), ("empty in every row", empty)):
        if listed:
            console.print(f"    {words}: {', '.join(listed)}", markup=False)
    if stream.unmapped:
        shown = [f"{redact(name).text} {spaced(count)}" for name, count in stream.unmapped[:_MOST_UNMAPPED]]
        more = f" and {len(stream.unmapped) - len(shown)} more" if len(stream.unmapped) > len(shown) else ""
        console.print(f"    not in the spec: {', '.join(shown)}{more}", markup=False)
    for reject in stream.rejects:
        where = f" in {reject.column_name}" if reject.column_name else ""
        lines = ", ".join(map(str, reject.lines))
        console.print(f"    set aside: {reject.row_count} for {reject.reason}{where}, lines {lines}", markup=False)
        for text in reject.texts:
            console.print(f"      {text}", markup=False)
    for number, row in enumerate(stream.rows, start=1):
        cells = ", ".join(f"{name}={value}" for name, value in row.items())
        console.print(f"    row {number}: {cells}", markup=False)


def _print_events(console: Console, check: SourceCheck) -> None:
    if not check.kinds:
        return
    total = sum(kind.event_count for kind in check.kinds)
    console.print(f"  events: {spaced(total)}, from {check.first_at} to {check.last_at} UTC; texts: {check.text_count}")
    for kind in check.kinds:
        named = f"{kind.named_share:.0%} name somebody"
        console.print(f"    {kind.event_kind} {spaced(kind.event_count)}, {named}", markup=False)
    for found in check.identifiers:
        blocked = f", {found.blocked_count} blocked" if found.blocked_count else ""
        console.print(
            f"    {found.kind}: {spaced(found.value_count)} values on {spaced(found.event_count)} events, at most "
            f"{spaced(found.most_events)} each{blocked}",
            markup=False,
        )
    if check.mapped_share is not None:
        console.print(f"  stages: rules of stages.toml take {check.mapped_share:.0%} of the events", markup=False)
        for missed in check.unmapped:
            console.print(
                f"    no rule: {missed.event_kind} «{missed.activity}» {spaced(missed.event_count)}", markup=False
            )


def _print_advice(console: Console, check: SourceCheck) -> None:
    if check.advice:
        console.print("  What to change:")
        for sentence in check.advice:
            console.print(f"  - {sentence}", markup=False)


def print_quarantine(console: Console, project: Project, *, source: str, reason: str, limit: int) -> None:
    """Counts by source, reason and column, the commonest first; then rows."""
    rows = [
        row
        for row in read_quarantine(project, limit=_MOST_ROWS)
        if source in ("", row.source) and reason in ("", row.reason)
    ]
    if not rows:
        console.print("Nothing is in quarantine.")
        return
    counts = Counter((row.source, row.stream, row.reason, row.column_name or "") for row in rows)
    summary = Table("rows", "source", "stream", "reason", "column", box=None, pad_edge=False)
    for place, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        summary.add_row(spaced(count), *place)
    console.print(summary)
    console.print()
    table = Table("source", "file", "line", "column", "reason", box=None, pad_edge=False)
    for row in rows[:limit]:
        table.add_row(row.source, row.path, str(row.line), row.column_name or "", row.reason)
    console.print(table)
    if len(rows) > limit:
        console.print(f"{spaced(len(rows) - limit)} more; --limit, --source and --reason choose.", markup=False)
    console.print("After a change of the spec: `journey quarantine retry`, then `journey run`.", markup=False)


def print_retried(console: Console, retried: Sequence[Retried]) -> int:
    """What came of trying again; the exit code."""
    if not retried:
        console.print("Nothing is in quarantine.")
        return 0
    for row in retried:
        lost = f" ({spaced(row.needs_file)} of them need their file in the inbox again)" if row.needs_file else ""
        told = f"{spaced(row.came_back)} taken, {spaced(row.stays)} stay{lost}"
        console.print(f"{row.source}.{row.stream} {row.reason}: {told}", markup=False)
    if any(row.came_back for row in retried):
        console.print("Next: `journey run` builds what came back.", markup=False)
    return EXIT_PROBLEMS if any(row.stays for row in retried) else 0
