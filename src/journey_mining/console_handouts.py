"""What the terminal shows of handouts: what was written, and what there is to take."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from journey_mining.handouts import (
    FIGURES,
    LOGS,
    STAGE_FIGURES,
    Form,
    Published,
    Written,
    page_names,
)

_SAYS = {
    Form.XLSX: "a workbook a segment: the map as rows and stages, definitions, the tables behind it",
    Form.CSV: "the tables, UTF-8 with a byte order mark; semicolons and decimal commas for ru",
    Form.MD: "a summary to read: findings, stages with n and interval, what changed, definitions",
    Form.MERMAID: "a journey diagram as text; scores 1 to 5 from measured moods",
    Form.HTML: "one file a segment to send by mail: map, paths, what if, stages, definitions",
    Form.PARQUET: "the tables with typed columns and English names",
    Form.XES: "the journeys as an event log; a row is the way of one person",
    Form.OCEL: "the journeys as an object-centric log (OCEL 2.0, JSON); a row is the way of one person",
    Form.PDF: "pages on paper, A3 or A4; needs Chromium",
    Form.PNG: "pages, or figures with --figure; needs Chromium",
    Form.SVG: "figures as drawings; needs Chromium",
}
_KILO, _MEGA = 1_000, 1_000_000


def print_written(console: Console, written: Written) -> None:
    """One line a file, or one a folder of tables, with sizes; a word of care for logs."""
    folders: dict[Path, list[int]] = {}
    for path, size in written.files:
        folders.setdefault(path.parent, []).append(size)
    for folder, sizes in folders.items():
        if folder.name in ("ru", "en", "parquet") or folder.parent.name == "segments":
            console.print(f"  {folder}: {len(sizes)} tables, {size_words(sum(sizes))}", markup=False)
    for path, size in written.files:
        if path.suffix not in (".csv", ".parquet"):
            console.print(f"  {path}: {size_words(size)}", markup=False)
    for name in written.absent:
        console.print(f"  ! {name}: not drawn, too few customers", markup=False)
    if any(path.name.endswith(tuple(ending for _, ending in LOGS.values())) for path, _ in written.files):
        console.print("A row of a log is the way of one person: give it to whom you would give journeys.duckdb.")


def print_choices(console: Console, published: Published) -> None:
    """Formats, segments, pages and figures of a project."""
    console.print("Formats")
    for form, says in _SAYS.items():
        console.print(f"  {form:<8} {says}", markup=False)
    console.print("Segments")
    for picture in published.pictures.maps:
        name = published.scene("en").name(picture.segment.name)
        console.print(f"  {picture.segment.id:<8} {name}", markup=False)
    console.print("Pages, for pdf and png")
    console.print(f"  {', '.join(page_names(published.scene('en')))}", markup=False)
    console.print("Figures, for svg and png")
    console.print(f"  {', '.join(FIGURES)}; of every stage: {', '.join(STAGE_FIGURES)}", markup=False)


def size_words(size: int) -> str:
    """A size as people say it.

    >>> size_words(5_265_498), size_words(900)
    ('5.3 MB', '1 kB')
    """
    return f"{size / _MEGA:.1f} MB" if size >= _MEGA else f"{max(round(size / _KILO), 1)} kB"
