"""From the inbox into the private database: each file once, whole or not at all.

In: the inbox and the specs of a project. Out: `raw_*`, `stg_*`, `file_ledger`, `quarantine` in `raw.duckdb`.
A file is known by the hash of its content: loading it again, under another name or in another order, changes nothing.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from journey_mining.errors import FileRejectedError, JourneyMiningError, NotFoundError, did_you_mean
from journey_mining.privacy.tombstones import Tombstones, load_tombstones
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.sources.batches import BatchTyper
from journey_mining.sources.current import rebuild_current, shrunk_snapshot
from journey_mining.sources.delivered import (
    Claims,
    Delivered,
    bytes_fingerprint,
    claim_files,
    fingerprint_of,
    members_of,
    unreadable,
)
from journey_mining.sources.drift import emptied_columns
from journey_mining.sources.file_names import shown_name
from journey_mining.sources.forgotten import Sieve
from journey_mining.sources.heading_drift import heading_drift
from journey_mining.sources.intake import (
    is_stale,
    replay_files,
    replay_stream,
    snapshot_time,
    take_file,
    typer_of,
    waiting_files,
)
from journey_mining.sources.ledger import (
    REJECTED,
    Arrival,
    KnownFile,
    drop_absent_rejections,
    enter_drawn,
    enter_rejected,
    known_file,
    reconcile_stream,
)
from journey_mining.sources.spec import Source, Stream, load_sources
from journey_mining.sources.staging import ensure_ledgers, forget_file, redate_versions
from journey_mining.sources.unfinished import clear, ensure_marks, mark, to_reread, unfinished
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted_text

Claim = tuple[Source, Stream, Path, str]
"""source, stream, file and its name"""
_ENGINE_MEMORY = "1GB"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSummary:
    """What a load did."""

    report: StepReport
    loaded: tuple[str, ...]
    """names of new files taken"""
    rejected: tuple[str, ...]
    """names of files refused, now or earlier, that still lie in the inbox"""
    is_changed: bool
    """whether the staged tables or the ledger differ from before"""


def load_inbox(project: Project, *, now: datetime, only: Collection[str] = ()) -> StepReport:
    """Load every new file of the inbox; counts and problems. See `load_files`."""
    return load_files(project, now=now, only=only).report


def load_files(project: Project, *, now: datetime, only: Collection[str] = ()) -> LoadSummary:
    """Load every new file of the inbox in sorted order, one transaction each; a bad file does not stop the others.

    `now` (UTC) stamps the ledger and bounds times: rows dated more than two days later are quarantined, and taken by
    the first run for which they are not. With `only`, files of these sources; the others wait, and nothing is said of
    the inbox as a whole.

    Raises:
        SpecError: a spec cannot be understood.
        NotFoundError: `only` names a source that the project does not have.
        ModelError: the private database cannot be opened.
    """
    with open_load(project, now=now) as load:
        load.narrow(only)
        load.renew()
        load.take(load.claims.taken)
        load.finish()
        return load.summary()


@contextmanager
def open_load(project: Project, *, now: datetime) -> Iterator[Load]:
    """The private database, open and up to date, and what lies in the inbox; nothing is taken yet.

    Raises:
        SpecError: a spec cannot be understood.
        ModelError: the private database cannot be opened.
    """
    sources = load_sources(project.sources)
    settings = project.settings
    claims = claim_files(project.inbox, sources, ignore=settings.inbox.ignore, settle=settings.load.settle, now=now)
    with private_files(), _spill(project.raw_file) as spill, DuckDBWarehouse(project.raw_file) as warehouse:
        project.raw_file.chmod(0o600)
        # what a killed load left is nobody's now: the database is ours alone
        shutil.rmtree(spill, ignore_errors=True)
        # the engine would take most of the machine; beyond this it goes to disk, beside the database
        warehouse.execute(f"set memory_limit = '{_ENGINE_MEMORY}'")
        warehouse.execute(f"set temp_directory = {quoted_text(str(spill))}")
        ensure_ledgers(warehouse)
        ensure_marks(warehouse)
        share = settings.load.max_quarantine_share
        yield Load(warehouse, sources, claims, now=now, max_share=share, tombstones=load_tombstones(project))


class Load:
    """One walk over the inbox."""

    def __init__(
        self,
        warehouse: DuckDBWarehouse,
        sources: list[Source],
        claims: Claims,
        *,
        now: datetime,
        max_share: float,
        tombstones: Tombstones,
    ) -> None:
        self.warehouse = warehouse
        self.tombstones = tombstones
        self.claims = claims
        self.streams = [(source, stream) for source in sources for stream in source.streams]
        self.now = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
        self.max_share = max_share
        self.loaded: list[str] = []
        self.rejected: list[Problem] = []
        self.problems: list[Problem] = []
        self.rows: Counter[str] = Counter()
        self.known = 0
        self.is_changed = False
        self.is_narrow = False
        self.reread: set[tuple[str, str]] = set()
        self.seen: set[tuple[str, str]] = set()
        self.taken: set[tuple[str, str, str]] = set()
        """files read in this walk: source, stream, content"""
        self.packed: dict[str, bool] = {}
        """archives met, and whether some stream reads anything in them"""
        self.typers: dict[tuple[str, str], BatchTyper] = {}

    def narrow(self, only: Collection[str]) -> None:
        """Leave out every source but these; none named leaves all."""
        known = sorted({source.id for source, _ in self.streams})
        for name in sorted(set(only) - set(known)):
            raise NotFoundError(
                f"There is no source {name!r}.{did_you_mean(name, known)}",
                expected=f"some of {', '.join(known)}.",
                todo="`journey source list` names the sources of the project.",
            )
        if only:
            taken = tuple(claim for claim in self.claims.taken if claim[0].id in only)
            self.claims = replace(self.claims, taken=taken, unclaimed=(), unreadable=(), unsettled=())
            self.streams = [(source, stream) for source, stream in self.streams if source.id in only]
            self.is_narrow = True

    def renew(self) -> None:
        """Type anew what says more now, from the text that is kept: all after a change of the spec, or what waited."""
        for source, stream in self.streams:
            waiting = waiting_files(self.warehouse, source, stream, now=self.now)
            if is_stale(self.warehouse, source, stream):
                with self.warehouse.transaction():
                    replay_stream(self.warehouse, source, stream, now=self.now)
                    mark(self.warehouse, source, stream, is_reread=True)
            elif waiting:
                with self.warehouse.transaction():
                    replay_files(self.warehouse, source, stream, waiting, now=self.now)
                    mark(self.warehouse, source, stream)
        self.reread = to_reread(self.warehouse)

    def take(self, files: Sequence[Claim], *, only: Collection[tuple[str, str]] | None = None) -> None:
        """Load files that are new or have to be read again; with `only`, those of these streams."""
        for source, stream, path, name in files:
            if only is None or (source.id, stream.id) in only:
                self._take_packed(source, stream, path, name)

    def _take_packed(self, source: Source, stream: Stream, path: Path, name: str) -> None:
        """Load a file, or every member of an archive."""
        whole = Delivered(path=path, name=name)
        try:
            with _one_file(whole.full_name):
                members = members_of(path, name, only=stream.members)
        except FileRejectedError as fault:
            self._refuse(Arrival(source=source, stream=stream, delivered=whole, mark=bytes_fingerprint(path)), fault)
            return
        self.packed[name] = self.packed.get(name, False) or bool(members)
        for delivered in members:
            try:
                with _one_file(delivered.full_name):
                    mark = fingerprint_of(delivered)
            except FileRejectedError as fault:
                mark = bytes_fingerprint(path)
                self._refuse(Arrival(source=source, stream=stream, delivered=delivered, mark=mark), fault)
            else:
                self._take(Arrival(source=source, stream=stream, delivered=delivered, mark=mark))

    def finish(self) -> None:
        """Drop rejections of files that are gone, and make every current table that is behind."""
        if self.claims.is_whole and not self.is_narrow:
            self.is_changed |= drop_absent_rejections(self.warehouse, self.seen) > 0
        self.catch_up()
        for source, stream in self.streams:
            # said on every run, for as long as it is so
            self.problems += shrunk_snapshot(self.warehouse, source, stream)
            self.problems += emptied_columns(self.warehouse, source, stream)
        if not self.is_narrow:
            self.problems += [_unread_archive(name) for name, is_read in self.packed.items() if not is_read]

    def catch_up(self) -> None:
        """Make every current table that is behind, whoever left it so."""
        behind = unfinished(self.warehouse)
        for source, stream in self.streams:
            if (source.id, stream.id) in behind:
                self._catch_up(source, stream)

    def summary(self) -> LoadSummary:
        """What was done, in counts and problems; a file that several streams refuse for one reason is told once."""
        rejected = tuple(dict.fromkeys(self.rejected))
        counts = {
            "files_loaded": len(self.loaded),
            "files_known": self.known,
            "files_rejected": len(rejected),
            "rows_read": self.rows["read"],
            "rows_accepted": self.rows["accepted"],
            "rows_quarantined": self.rows["quarantined"],
            "rows_collapsed": self.rows["collapsed"],
        }
        problems = (*_inbox_problems(self.claims), *rejected, *self.problems)
        report, names = StepReport(counts=counts, problems=problems), tuple(problem.where for problem in rejected)
        return LoadSummary(report=report, loaded=tuple(self.loaded), rejected=names, is_changed=self.is_changed)

    def _take(self, arrival: Arrival) -> None:
        self.seen.add((arrival.mark.file_id, arrival.name))
        source, stream = arrival.source, arrival.stream
        known = known_file(self.warehouse, arrival)
        is_current = known is not None and known.is_settled and known.spec_hash == source.spec_hash(stream)
        # after a change of the spec the file itself says more than the text kept of it: quarantined rows come back
        place = (source.id, stream.id)
        if known and is_current and (place not in self.reread or (*place, arrival.mark.file_id) in self.taken):
            self._meet_again(arrival, known)
            return
        try:
            with _one_file(arrival.name), self.warehouse.transaction():
                forget_file(self.warehouse, source.id, stream.id, arrival.mark.file_id)
                counts = take_file(
                    self.warehouse,
                    arrival,
                    self._typer(source, stream),
                    Sieve(self.tombstones, source, stream),
                    now=self.now,
                    max_share=self.max_share,
                )
                mark(self.warehouse, source, stream)
        except FileRejectedError as fault:
            self._refuse(arrival, fault)
            return
        for name in ("read", "accepted", "quarantined", "collapsed"):
            self.rows[name] += getattr(counts, name)
        self.taken.add((*place, arrival.mark.file_id))
        self.loaded.append(arrival.name)
        self.problems += heading_drift(self.warehouse, arrival)
        _log.info("loaded a file of %s.%s: %d rows", source.id, stream.id, counts.read)

    def _refuse(self, arrival: Arrival, fault: FileRejectedError) -> None:
        """Record that a file was rejected; what other files brought stays."""
        self.seen.add((arrival.mark.file_id, arrival.name))
        source, stream = arrival.source, arrival.stream
        known = known_file(self.warehouse, arrival)
        is_same = known is not None and (known.status, known.error_text) == (REJECTED, str(fault))
        if known and is_same and known.spec_hash == source.spec_hash(stream):
            self._meet_again(arrival, known)
            return
        with self.warehouse.transaction():
            forget_file(self.warehouse, source.id, stream.id, arrival.mark.file_id)
            enter_rejected(self.warehouse, arrival, fault, now=self.now)
            mark(self.warehouse, source, stream)
        self.rejected.append(Problem(code=fault.code, where=arrival.name, text=str(fault), is_file=True))

    def _meet_again(self, arrival: Arrival, known: KnownFile) -> None:
        if known.status == REJECTED:
            self.rejected.append(
                Problem(code=known.error_code, where=arrival.name, text=known.error_text, is_file=True)
            )
        else:
            self.known += 1
            self._redate(arrival, known)

    def _redate(self, arrival: Arrival, known: KnownFile) -> None:
        """A copy of a known file may have been drawn later: what it says was still so then."""
        drawn = snapshot_time(arrival.source, arrival.stream, arrival.delivered, now=self.now)
        if drawn is None or (known.snapshot_at is not None and drawn <= known.snapshot_at):
            return
        source, stream = arrival.source, arrival.stream
        with self.warehouse.transaction():
            enter_drawn(self.warehouse, arrival.where(), drawn)
            redate_versions(self.warehouse, source.id, stream.id, arrival.mark.file_id, drawn)
            mark(self.warehouse, source, stream)

    def _typer(self, source: Source, stream: Stream) -> BatchTyper:
        place = (source.id, stream.id)
        if place not in self.typers:
            self.typers[place] = typer_of(source, stream, now=self.now)
        return self.typers[place]

    def _catch_up(self, source: Source, stream: Stream) -> None:
        reconcile_stream(self.warehouse, source, stream)
        with self.warehouse.transaction():
            rebuild_current(self.warehouse, source, stream)
            clear(self.warehouse, source, stream)
        self.is_changed = True


@contextmanager
def _one_file(name: str) -> Iterator[None]:
    """Whatever goes wrong inside is the fault of one file and stops no other.

    Raises:
        FileRejectedError: the file is to be rejected.
    """
    try:
        yield
    except JourneyMiningError:
        raise
    except Exception as fault:
        # messages of strangers may quote what they read, so only their kind is told
        _log.warning("a file could not be read: %s", type(fault).__name__)
        raise unreadable(name, fault) from fault


def _inbox_problems(claims: Claims) -> Iterator[Problem]:
    """What is wrong with the inbox as a whole, and with files that nobody reads."""
    if not claims.is_there:
        text = (
            "The inbox is missing or is no folder. Expected: a folder with exports, as inbox.path in journey.toml "
            "names it. To do: make or mount it; what was loaded before stays."
        )
        yield Problem(code="INBOX_MISSING", where="inbox", text=text)
    for name in claims.unreadable:
        text = (
            f"{name} cannot be looked at. Expected: folders and files that the user of this program may read. "
            "To do: give that right (chmod, chown); the next run looks again."
        )
        yield Problem(code="UNREADABLE_FOLDER", where=name, text=text)
    for name in claims.unclaimed:
        text = (
            f"No source claims {name}. Expected: a name that matches files of some spec.toml. "
            "To do: add its source, correct its name, or list it under inbox.ignore in journey.toml."
        )
        yield Problem(code="UNCLAIMED_FILE", where=name, text=text)


def _unread_archive(name: str) -> Problem:
    where = shown_name(name)
    text = (
        f"No source reads anything in {where}. Expected: files inside whose names match members of some stream. "
        "To do: correct members in spec.toml, or list the archive under inbox.ignore in journey.toml."
    )
    return Problem(code="UNCLAIMED_FILE", where=where, text=text)


@contextmanager
def _spill(database: Path) -> Iterator[Path]:
    """Where the engine puts what its memory does not hold; made when it is needed, gone afterwards."""
    folder = database.with_name(f"{database.name}.tmp")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_files() -> Iterator[None]:
    """The database and all that the engine writes beside it are readable by their owner only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
