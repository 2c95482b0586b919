"""What the data page tells of the run itself: files, totals that must agree, and how well identities were stitched.

In: `loaded_file`, `run_total`, `identity_quality`. Out: values that hold no small group of customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from journey_mining.maps.note_pictures import LoadedFile, Quality, Total, TotalPart
from journey_mining.maps.numbers import Limits, count_of
from journey_mining.maps.suppression import hidden_cells
from journey_mining.maps.tables import Row, Tables

_MARK_LENGTH = 12
TOTALS = ("rows", "events", "persons", "steps", "texts", "journeys")
"""in the order of the line"""
MEASURES = ("event_tied", "person_in_sources", "edge", "review")
_OF_PERSONS = frozenset({"person_in_sources", "review"})


def loaded_files(tables: Tables) -> tuple[LoadedFile, ...]:
    """Files that were taken, by source and stream."""
    return tuple(
        LoadedFile(
            source=row["source"],
            stream=row["stream"],
            path=row["path"] or "",
            mark=str(row["file_id"])[:_MARK_LENGTH],
            rows_read=int(row["rows_read"] or 0),
            rows_accepted=int(row["rows_accepted"] or 0),
            rows_quarantined=int(row["rows_quarantined"] or 0),
            rows_collapsed=int(row["rows_collapsed"] or 0),
        )
        for row in tables.rows["loaded_file"]
    )


def run_totals(tables: Tables) -> tuple[Total, ...]:
    """Totals in the order of the line."""
    found = {
        str(name): _total(str(name), list(rows))
        for name, rows in groupby(tables.rows["run_total"], lambda row: row["total"])
    }
    return tuple(found[name] for name in TOTALS if name in found)


def _total(name: str, rows: Sequence[Row]) -> Total:
    sides: dict[str, list[TotalPart]] = {"whole": [], "part": [], "same": []}
    for row in rows:
        sides[row["side"]].append(TotalPart(name=row["part"], amount=int(row["amount"])))
    return Total(name=name, whole=sides["whole"][0], parts=tuple(sides["part"]), others=tuple(sides["same"]))


def identity_qualities(tables: Tables, limits: Limits) -> tuple[Quality, ...]:
    """Answers about the stitching, by question.

    What is small is hidden, with the next smallest answer beside it: the whole is told, and would give it away.
    """
    rows = tables.rows["identity_quality"]
    return tuple(
        quality
        for measure in MEASURES
        for quality in _answers([row for row in rows if row["measure"] == measure], limits)
    )


def _answers(rows: Sequence[Row], limits: Limits) -> list[Quality]:
    counts = [int(row["amount"]) for row in rows]
    hidden = hidden_cells(counts, limits.small)
    found = []
    for place, (row, amount) in enumerate(zip(rows, counts, strict=True)):
        base = int(row["base"])
        # nearly everybody is as telling as nearly nobody
        is_near_all = row["measure"] in _OF_PERSONS and 0 < base - amount < limits.small
        count = count_of(amount, limits, is_forced=place in hidden or is_near_all)
        share = amount / base if base and count.value is not None else None
        found.append(Quality(measure=row["measure"], part=row["part"], amount=count, share=share))
    return found
