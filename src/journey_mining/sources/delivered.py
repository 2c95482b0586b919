"""Delivered files: finding them, naming them by content, opening them whatever they are packed in.

In: the inbox. Out: `Delivered` values that can be opened as bytes. A zip archive gives one for each of its members.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO

from journey_mining.errors import FileRejectedError
from journey_mining.sources.file_names import shown_name
from journey_mining.sources.spec import Source, Stream

UNREADABLE = "UNREADABLE_FILE"
_CHUNK = 1 << 20
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_BROKEN = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)
SUSPECT_SIZE, SUSPECT_RATIO = 64 << 20, 400
"""what is both this large and packed this tightly is made to burst, not exported"""
_NOT_OURS = "__MACOSX"
"""folder that one system adds to every archive"""
_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""links to nothing or to themselves, and what has gone while we looked"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One file as a source wrote it, possibly inside an archive."""

    path: Path
    name: str
    """path relative to the inbox, with /"""
    member: str = ""
    """name inside a zip archive"""

    @property
    def shown_path(self) -> str:
        """Path in the inbox, for people."""
        return shown_name(self.name)

    @property
    def full_name(self) -> str:
        """Name for people: path in the inbox, and member of an archive."""
        return f"{self.shown_path}:{shown_name(self.member)}" if self.member else self.shown_path

    @property
    def is_packed(self) -> bool:
        """Whether it unpacks to more than lies there."""
        return bool(self.member) or self.path.suffix == ".gz"

    @property
    def packed_size(self) -> int:
        """Bytes of the file that it lies in."""
        return self.path.stat().st_size

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The decompressed bytes.

        Raises:
            FileRejectedError: the archive is damaged, cut short, encrypted, or packed in a way unknown here.
        """
        try:
            if self.member:
                with zipfile.ZipFile(self.path) as archive, self._unpacked(archive) as stream:
                    yield stream
            elif self.path.suffix == ".gz":
                with gzip.open(self.path, "rb") as packed:
                    yield packed  # type: ignore[misc]
            else:
                with self.path.open("rb") as plain:
                    yield plain
        except _BROKEN as fault:
            raise damaged(self.full_name) from fault

    def _unpacked(self, archive: zipfile.ZipFile) -> IO[bytes]:
        try:
            return archive.open(self.member)
        except RuntimeError as fault:
            # encrypted; unknown ways of packing raise NotImplementedError, which is a RuntimeError too
            raise FileRejectedError(
                f"{self.full_name} is encrypted, or packed in a way that cannot be read here.",
                expected="a zip archive without password, packed with deflate.",
                todo="Pack it again without password, or put the file itself into the inbox.",
                code="LOCKED_ARCHIVE",
            ) from fault

    @contextmanager
    def text(self, encoding: str) -> Iterator[io.TextIOWrapper]:
        """The decoded text; line ends are left as they are."""
        with self.open() as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            yield text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What names a file: its content, not its name or packing."""

    file_id: str
    """sha256 of the decompressed bytes"""
    size_bytes: int


def damaged(name: str) -> FileRejectedError:
    """The error of an archive that ends too early or is none."""
    return FileRejectedError(
        f"{name} is a damaged or truncated archive.",
        expected="a complete gzip or zip file.",
        todo="Export or copy it again; the next run takes it then.",
        code="TRUNCATED_FILE",
    )


def _bomb(name: str) -> FileRejectedError:
    return FileRejectedError(
        f"{name} unpacks to more than {SUSPECT_RATIO} times its size.",
        expected="an archive that holds an export; nothing more of this one was unpacked.",
        todo="Find out who made it. If it is an export, put the unpacked file into the inbox.",
        code="UNSAFE_FILE",
    )


def fingerprint_of(delivered: Delivered) -> Fingerprint:
    """Hash and size of the decompressed bytes, read in pieces.

    Raises:
        FileRejectedError: the archive is damaged, or made to unpack without end.
    """
    digest, size = hashlib.sha256(), 0
    most = max(SUSPECT_SIZE, SUSPECT_RATIO * delivered.packed_size)
    with delivered.open() as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
            if delivered.is_packed and size > most:
                raise _bomb(delivered.full_name)
    return Fingerprint(file_id=digest.hexdigest(), size_bytes=size)


def bytes_fingerprint(path: Path) -> Fingerprint:
    """Hash and size of a file as it lies there; names what cannot be unpacked, by its path if nothing can be read."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Fingerprint(file_id=digest, size_bytes=path.stat().st_size)
    except OSError:
        return Fingerprint(file_id=hashlib.sha256(str(path).encode()).hexdigest(), size_bytes=0)


def unreadable(name: str, fault: Exception) -> FileRejectedError:
    """The error of a file that could not be read for a reason nobody foresaw; only the kind of the reason is named."""
    if isinstance(fault, PermissionError):
        return FileRejectedError(
            f"{name} cannot be read: permission.",
            expected="a file that the user of this program may read.",
            todo="Give it that right (chmod, chown); every run tries it again.",
            code=UNREADABLE,
        )
    return FileRejectedError(
        f"{name} could not be read ({type(fault).__name__}).",
        expected="a file that the reader of its format understands.",
        todo="Look whether it opens elsewhere and export it again; if it is sound, report this as a fault of "
        "journey_mining. Every run tries it again.",
        code=UNREADABLE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Which files of the inbox belong to which stream."""

    taken: tuple[tuple[Source, Stream, Path, str], ...]
    """source, stream, file and its name, in sorted order"""
    unclaimed: tuple[str, ...]
    """names that no spec claims"""
    unsettled: tuple[str, ...]
    """names of files that may still be written; left for the next run"""
    unreadable: tuple[str, ...] = ()
    """folders and files that the system did not let us look at"""
    is_there: bool = True
    """whether the inbox is a folder at all"""

    @property
    def is_whole(self) -> bool:
        """Whether all of the inbox was seen, so that what was not seen is gone."""
        return self.is_there and not self.unreadable


def claim_files(
    inbox: Path, sources: list[Source], *, ignore: tuple[str, ...], settle: timedelta, now: datetime
) -> Claims:
    """Sort the files of the inbox by the globs of the specs; the first stream that matches takes a file."""
    taken, unclaimed, unsettled = [], [], []
    files, unreadable = _files_of(inbox)
    for path in files:
        name = path.relative_to(inbox).as_posix()
        if any(part.startswith(".") for part in name.split("/")) or any(fnmatchcase(name, glob) for glob in ignore):
            continue
        claims = _claims_of(name, sources)
        if path.suffix in _UNFINISHED or _is_fresh(path, settle, now):
            unsettled.append(shown_name(name))
        elif claims:
            taken += [(*claim, path, name) for claim in claims]
        else:
            unclaimed.append(shown_name(name))
    return Claims(
        taken=tuple(taken),
        unclaimed=tuple(unclaimed),
        unsettled=tuple(unsettled),
        unreadable=tuple(unreadable),
        is_there=inbox.is_dir(),
    )


def _files_of(inbox: Path) -> tuple[list[Path], list[str]]:
    """The files below the inbox, sorted, and the names of what could not be looked at; links to folders are left."""
    files: list[Path] = []
    faults: list[OSError] = []
    # a walk skips folders that it may not enter without a word, unless it has somebody to tell
    for folder, _, names in os.walk(inbox, onerror=faults.append):
        for path in (Path(folder, name) for name in names):
            try:
                files += [path] if stat.S_ISREG(path.stat().st_mode) else []
            except OSError as fault:
                faults.append(fault)
    hidden = (Path(str(fault.filename)) for fault in faults if fault.errno not in _NOTHING_THERE)
    return sorted(files), sorted(shown_name(path.relative_to(inbox).as_posix()) for path in hidden)


def members_of(path: Path, name: str, *, only: tuple[str, ...] = ()) -> list[Delivered]:
    """The files inside: one, or every member of a zip archive that is no hidden file and matches a glob of `only`.

    Raises:
        FileRejectedError: the archive is damaged or holds nothing.
    """
    if path.suffix.lower() != ".zip":
        return [Delivered(path=path, name=name)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(info.filename for info in archive.infolist() if _is_member(info))
    except zipfile.BadZipFile as fault:
        raise damaged(shown_name(name)) from fault
    if not members:
        raise FileRejectedError(
            f"{shown_name(name)} holds no file.",
            expected="an archive with at least one export.",
            todo="Pack it again; remove it from the inbox if there was nothing to export.",
            code="EMPTY_FILE",
        )
    wanted = [member for member in members if not only or any(fnmatchcase(PurePosixPath(member).name, g) for g in only)]
    return [Delivered(path=path, name=name, member=member) for member in wanted]


def _is_member(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.split("/")
    return not info.is_dir() and _NOT_OURS not in parts and not any(part.startswith(".") for part in parts)


def _claims_of(name: str, sources: list[Source]) -> list[tuple[Source, Stream]]:
    """The first stream whose glob matches, and those after it that take files `also`."""
    matching = [
        (source, stream)
        for source in sources
        for stream in source.streams
        if any(fnmatchcase(name, glob) for glob in stream.files)
    ]
    return [claim for number, claim in enumerate(matching) if number == 0 or claim[1].also]


def _is_fresh(path: Path, settle: timedelta, now: datetime) -> bool:
    if not settle:
        return False
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return True  # gone in the meantime
    moment = now if now.tzinfo else now.replace(tzinfo=UTC)
    return written > moment - settle
