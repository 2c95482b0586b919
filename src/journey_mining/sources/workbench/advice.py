"""What to change after a dry run, as sentences that name the file, the place and the change.

In: a check. Out: sentences, the gravest first. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from journey_mining.project import Project
from journey_mining.sources.spec import ROW_KEY, Source, Stream
from journey_mining.sources.workbench.check_report import ColumnCheck, Reject, SourceCheck, StreamCheck

_FEW_NAMED = 0.5
_MANY_EVENTS = 0.2
"""share of the events that one value may have before it looks like a placeholder"""
_FEWEST_EVENTS = 50
REASONS = {
    "BAD_TIMESTAMP": "the formats of {column} in spec.toml do not fit these times; add the one that does",
    "TS_FUTURE": "{column} lies in the future: check the order of day and month in its formats, and the zone",
    "TS_OUT_OF_RANGE": "{column} lies before 2000: leave such rows, or make the column optional",
    "BAD_NUMBER": "{column} is no number there: take type text, or clean it with replace",
    "BAD_ENUM": "{column} has values that `allowed` does not list: add them",
    "PLACEHOLDER_KEY": "{column} holds a placeholder of not_in: such rows name nobody",
    "PRECISION_LOSS": "a spreadsheet has cut digits of {column}: export it again without opening it in one",
    "NULL_KEY": "{column} is empty there: another key, or `_row_key`, if such rows are wanted",
    "MISSING_VALUE": "{column} is empty there: drop `required = true` if such rows are wanted",
    "MALFORMED_ROW": "they have another number of cells: check csv.delimiter and csv.quote, or set csv.footer",
    "MALFORMED_JSON": "they are no JSON: export the file again",
    "BAD_TYPE": "the type of {column} does not fit these values: take another type, or clean them with replace",
    "BAD_PHONE": "{column} is no phone number there: check default_country, or take type text",
    "BAD_EMAIL": "{column} is no e-mail address there: take type text, or correct the export",
    "OUT_OF_RANGE": "{column} is larger than a number of its type can be: take type id or text",
    "TZ_AMBIGUOUS": "{column} is a local time that its zone had twice or never: export times in UTC",
    "OVERSIZE_CELL": "a cell has more than 8 million characters: a quote is never closed, or it is no table",
    "FORGOTTEN": "they belong to a person who was forgotten: nothing is to do, they stay out",
    "TEXT_DROPPED": "they have no key under the present spec and their text is gone: put the export back in the inbox",
    "DUP_KEY_CONFLICT": "rows that never change share a key and differ: is it the whole key?",
}
"""what a row or value set aside means, and after the colon what to do; docs/errors.md is made from it as well"""


def advice_of(source: Source, check: SourceCheck, project: Project, *, tries: Sequence[str]) -> tuple[str, ...]:
    """Sentences on what to change."""
    if check.faults:
        return tuple(f"{source.folder.name}: {fault.text}" for fault in check.faults)
    streams = {stream.id: stream for stream in source.streams}
    found = [sentence for stream in check.streams for sentence in _of_stream(streams[stream.id], stream)]
    found += _of_names(source, check, project.inbox, tries)
    found += _of_events(check)
    found += [f"{problem.where}: {problem.text}" for problem in check.problems]
    return tuple(dict.fromkeys(found))


def _of_stream(stream: Stream, check: StreamCheck) -> Iterator[str]:
    for file in check.files:
        if file.rejected:
            yield f"{check.id}: {file.rejected}"
        elif file.over_limit:
            yield (
                f"{check.id}: a run would refuse {file.name}, because {file.rows_quarantined} of {file.rows_read} rows "
                "are bad; correct the spec as said below, or raise load.max_quarantine_share in journey.toml"
            )
    for reject in check.rejects:
        yield f"{check.id}: {_reject(reject)}"
    for column in check.columns:
        yield from _of_column(check, column)
    lost = check.total("rows_accepted") - check.current_count
    if lost > check.total("rows_accepted") / 2 and len(check.files) == 1 and ROW_KEY not in stream.key:
        yield f"{check.id}: more than half of the rows share a key ({', '.join(stream.key)}): is it the whole key?"


def _reject(reject: Reject) -> str:
    lines = ", ".join(map(str, reject.lines)) + (" ..." if reject.row_count > len(reject.lines) else "")
    hint = REASONS.get(reject.reason, "correct the column in spec.toml, or the export")
    column = reject.column_name or "the row"
    rows = "1 row is" if reject.row_count == 1 else f"{reject.row_count} rows are"
    return f"{rows} set aside for {reject.reason} (lines {lines}): {hint.format(column=column)}"


def _of_column(check: StreamCheck, column: ColumnCheck) -> Iterator[str]:
    accepted = check.total("rows_accepted")
    if column.near and not column.filled_count:
        near = " or ".join(f"'{heading}'" for heading in column.near)
        yield f"{check.id}: {column.name} is empty in every row, and nobody claims {near}: add it to `from`"
    for reason, count in column.bad_values:
        hint = REASONS.get(reason, "the type of {column} does not fit these values")
        is_many = count * 20 > max(accepted, 1)
        if is_many:
            values = "1 value" if count == 1 else f"{count} values"
            yield f"{check.id}: {values} of {column.name} left out for {reason}: {hint.format(column=column.name)}"


def _of_names(source: Source, check: SourceCheck, inbox: Path, tries: Sequence[str]) -> Iterator[str]:
    globs = ", ".join(glob for stream in source.streams for glob in stream.files)
    if check.unclaimed:
        names = ", ".join(check.unclaimed[:5])
        yield f"no stream takes {names}: name the files so, or widen `files` in spec.toml (now {globs})"
    if not check.has_files and not check.unclaimed and not tries:
        yield f"no file of {check.source} lies in {inbox.name}/: put exports there ({globs}), or try others with --from"


def _of_events(check: SourceCheck) -> Iterator[str]:
    accepted = sum(stream.total("rows_accepted") for stream in check.streams)
    if accepted and not check.kinds:
        yield "events.sql gives no event from these rows: look at its conditions"
    total = sum(kind.event_count for kind in check.kinds)
    for kind in check.kinds:
        if kind.named_share < _FEW_NAMED:
            yield (
                f"{kind.event_kind}: only {kind.named_share:.0%} of {kind.event_count} events name anybody; the others "
                "belong to no journey: add identifiers in event_identifiers.sql"
            )
    for found in check.identifiers:
        if found.most_events > max(_MANY_EVENTS * total, _FEWEST_EVENTS):
            yield (
                f"{found.kind}: one value stands on {found.most_events} of {total} events; if it is a placeholder, "
                "list it in not_in of its column"
            )
    if check.mapped_share is not None and check.mapped_share < _FEW_NAMED:
        yield (
            f"stages.toml: rules take {check.mapped_share:.0%} of the events; add rules for the activities above "
            "(`journey stages suggest` after a run)"
        )
