"""Publishing for readers: finished sites side by side in `sites/`, and one link, `site`, that says which is shown.

In: the finished warehouse and site of a run. Out: `warehouse/journeys.duckdb`, `sites/<number>/` with its note
`sites/<number>.json`, and the link. Putting the warehouse in its place is the moment at which a run counts: what a
crash leaves half done before it is dropped by the next run, what it leaves half done after it is finished.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from journey_mining.errors import JourneyMiningError, NotFoundError
from journey_mining.privacy.tombstones import marked_identifiers
from journey_mining.project import Project
from journey_mining.schema_version import write_version
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import replace_file

MARK_TABLE, MARK_FILE = "published_state", "fingerprint.txt"
_HELD = "held"
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSite:
    """A finished site; numbers grow with publishing, whatever the clock says."""

    number: int
    run_id: str
    """start of the run that drew it"""
    as_of: str
    """cutoff of its data as ISO text, naive UTC"""
    fingerprint: str
    privacy: str
    """who was forgotten and the size of a small cell at the time; a site of other rules is shown no more"""

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.number:0{_DIGITS}d}"


def sites_folder(root: Path) -> Path:
    """Where the finished sites of a project lie."""
    return root / "sites"


def kept_sites(root: Path) -> list[KeptSite]:
    """Finished sites that are still there, oldest first."""
    found = (_noted(path) for path in sites_folder(root).glob("*.json"))
    return sorted((s for s in found if s and (sites_folder(root) / s.name).is_dir()), key=lambda s: s.number)


def shown_number(root: Path) -> int | None:
    """Number of the site that readers see; none where nothing is published."""
    link = root / "site"
    name = link.readlink().name if link.is_symlink() else ""
    return int(name) if name.isdigit() and link.is_dir() else None


def held_number(root: Path) -> int | None:
    """Number of the site that is held by hand; newer ones wait until it is let go."""
    try:
        return int((sites_folder(root) / _HELD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def publish(project: Project, *, building: Path, site: Path, mark: str, run_id: str) -> None:
    """Put the finished warehouse and site where readers look, both marked with what they were made from.

    A site that is held stays in sight; the new one is kept beside it.
    """
    as_of = _marked(building, mark)
    (site / MARK_FILE).write_text(mark + "\n", encoding="utf-8")
    _forced_to_disk(site)
    number = max((kept.number for kept in kept_sites(project.root)), default=0) + 1
    kept = KeptSite(number=number, run_id=run_id, as_of=as_of, fingerprint=mark, privacy=privacy_mark(project))
    place = sites_folder(project.root) / kept.name
    shutil.rmtree(place, ignore_errors=True)
    _note(project.root, kept)
    site.rename(place)
    replace_file(building, project.warehouse_file)
    if held_number(project.root) is None:
        _point(project.root, kept.name)
    prune_sites(project)


def published_mark(project: Project) -> str | None:
    """What the published warehouse and the newest site were made from; none where they differ or one is missing."""
    newest = next(reversed(kept_sites(project.root)), None)
    if newest is None or shown_number(project.root) is None or not project.warehouse_file.is_file():
        return None
    return (
        newest.fingerprint if published_value(project.root, MARK_TABLE, "fingerprint") == newest.fingerprint else None
    )


def published_value(root: Path, table: str, column: str) -> object:
    """The value of a one-row table of the published warehouse; none where it cannot be read."""
    path = root / "warehouse" / "journeys.duckdb"
    try:
        with DuckDBWarehouse(path, read_only=True) as warehouse:
            if table not in warehouse.tables():
                return None
            return warehouse.read_arrow(table, columns=(column,))[column][0].as_py()
    except JourneyMiningError:
        return None


def recover(root: Path) -> None:
    """Finish or drop what a crash cut in half, and take a site of before there were several among the kept ones."""
    _adopt(root)
    kept = kept_sites(root)
    for place in sites_folder(root).glob("[0-9]*"):
        # a note without a site, or a site without a note: the crash came before the run counted
        if place.stem not in {site.name for site in kept}:
            _remove(place)
    if kept and kept[-1].number != shown_number(root):
        # a site whose tables never took their place was never published
        if kept[-1].fingerprint != published_value(root, MARK_TABLE, "fingerprint"):
            _drop(root, kept.pop())
        if kept and held_number(root) is None:
            _point(root, kept[-1].name)


def prune_sites(project: Project) -> list[KeptSite]:
    """Remove sites beyond `run.keep_sites`, and all that were drawn under other rules of privacy; those removed.

    The site that is shown stays, unless somebody was forgotten since it was drawn.
    """
    root, rules = project.root, privacy_mark(project)
    kept, shown = kept_sites(project.root), shown_number(project.root)
    barred = [site for site in kept[:-1] if site.privacy != rules]
    old = [site for site in kept[: -project.settings.run.keep_sites] if site.number != shown and site not in barred]
    if any(site.number == shown for site in barred):
        release(root)
        _point(root, kept[-1].name)
    for site in (*barred, *old):
        _drop(root, site)
    return [*barred, *old]


def hold(project: Project, number: int) -> KeptSite:
    """Show a kept site again and keep newer ones out of sight until `release`; the site.

    Raises:
        NotFoundError: there is no such site.
        JourneyMiningError: it was drawn before somebody was forgotten, or under a smaller small cell.
    """
    kept = {site.number: site for site in kept_sites(project.root)}
    if number not in kept:
        raise NotFoundError(
            f"There is no kept site {number}.",
            expected=f"one of {', '.join(map(str, kept)) or '(none is kept)'}.",
            todo="`journey rollback --list` shows them.",
        )
    if kept[number].privacy != privacy_mark(project):
        raise JourneyMiningError(
            f"Site {number} was drawn before somebody was forgotten, or when smaller groups were shown.",
            expected="a site under the privacy rules of today.",
            todo="Choose a newer one.",
            code="SITE_BARRED",
        )
    _write_whole(sites_folder(project.root) / _HELD, f"{number}\n")
    _point(project.root, kept[number].name)
    return kept[number]


def release(root: Path) -> KeptSite | None:
    """Show the newest site again; the site, or none where none is kept."""
    (sites_folder(root) / _HELD).unlink(missing_ok=True)
    newest = next(reversed(kept_sites(root)), None)
    if newest is not None:
        _point(root, newest.name)
    return newest


def privacy_mark(project: Project) -> str:
    """A hash of who is forgotten and of the size below which nothing is shown.

    Who is forgotten is told by the acts and the kinds of their marks, not by the marks: these are others after a
    rotation of the key, although the same people are forgotten and pages hold nothing that is hashed with a key.
    """
    digest = hashlib.sha256(str(project.settings.scores.small_cell).encode())
    for act, kind in marked_identifiers(project):
        digest.update(f"\n{act}|{kind}".encode())
    return digest.hexdigest()[:16]


def _marked(building: Path, mark: str) -> str:
    """Write the mark into the finished warehouse; the cutoff of its data."""
    with DuckDBWarehouse(building) as warehouse:
        warehouse.write(MARK_TABLE, pa.table({"fingerprint": [mark]}))
        write_version(warehouse)
        return str(warehouse.read_arrow("run_setting", columns=("as_of",))["as_of"][0].as_py().isoformat())


def _adopt(root: Path) -> None:
    """A `site` that is a folder comes from an earlier version, or from a copy that followed the link."""
    site, previous = root / "site", root / "site.previous"
    if previous.is_dir() and not site.exists():
        previous.rename(site)
    shutil.rmtree(previous, ignore_errors=True)
    if site.is_symlink() or not site.is_dir():
        return
    mark = site / MARK_FILE
    number = max((kept.number for kept in kept_sites(root)), default=0) + 1
    found = mark.read_text(encoding="utf-8").strip() if mark.is_file() else ""
    cutoff = published_value(root, "run_setting", "as_of")
    kept = KeptSite(number=number, run_id="", as_of=str(cutoff or ""), fingerprint=found, privacy="")
    _note(root, kept)
    site.rename(sites_folder(root) / kept.name)
    _point(root, kept.name)


def _noted(path: Path) -> KeptSite | None:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return KeptSite(**{name: data[name] for name in KeptSite.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(root: Path, site: KeptSite) -> None:
    sites_folder(root).mkdir(exist_ok=True)
    _write_whole(sites_folder(root) / f"{site.name}.json", json.dumps(asdict(site), sort_keys=True) + "\n")


def _point(root: Path, name: str) -> None:
    """Let the link lead to another site in one step that no reader can see half of."""
    new = root / ".site.new"
    new.unlink(missing_ok=True)
    new.symlink_to(Path("sites") / name, target_is_directory=True)
    new.replace(root / "site")
    _force(root)


def _drop(root: Path, site: KeptSite) -> None:
    # the note goes first: a folder without one is no site
    _remove(sites_folder(root) / f"{site.name}.json")
    _remove(sites_folder(root) / site.name)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    replace_file(unfinished, path)


def _forced_to_disk(folder: Path) -> None:
    """Force a finished site to disk: after a power cut a link must not lead to empty pages."""
    for path in sorted(folder.rglob("*")):
        _force(path)
    _force(folder)


def _force(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
