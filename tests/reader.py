"""A reader with a pencil: every published count as an equation, and what follows from all of them together.

In: the files of a drawn site, and nothing else; the truth is used only to name the groups that must not be found. The
reader knows every touchpoint and when it can be met, but not which of them followed which. Counts are of journeys; in
the worlds of these tests every customer has one.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from journey_mining.maps.variants import way_of

OTHER = "Other"
Way = tuple[tuple[str, ...], str]
"""stages, each further than any before, and the ending"""


class Reader:
    """Equations over unknown counts, and the linear forms that they determine."""

    def __init__(self) -> None:
        self.places: dict[Hashable, int] = {}
        self.rows: list[dict[int, float]] = []

    def knows(self, cells: Iterable[Hashable], minus: Iterable[Hashable] = ()) -> None:
        """That the sum of cells, minus others, is a number the reader has."""
        row: dict[int, float] = defaultdict(float)
        for sign, group in ((1.0, cells), (-1.0, minus)):
            for cell in group:
                row[self.places.setdefault(cell, len(self.places))] += sign
        self.rows.append(row)

    def found(self, wanted: Mapping[Any, Iterable[Hashable]]) -> list[Any]:
        """Names of the wanted sums that follow from what is known."""
        names, size = list(wanted), len(self.places)
        known = np.zeros((len(self.rows), size))
        for number, row in enumerate(self.rows):
            for place, value in row.items():
                known[number, place] = value
        targets = np.zeros((len(names), size))
        for number, name in enumerate(names):
            for cell in wanted[name]:
                targets[number, self.places[cell]] += 1
        if not (names and size):
            return []
        _, values, rows = np.linalg.svd(known, full_matrices=False)
        basis = rows[values > 1e-8 * max(values.max(), 1.0)]
        rest = targets - (targets @ basis.T) @ basis
        return [name for name, far in zip(names, np.abs(rest).max(axis=1), strict=True) if far < 1e-6]


def table(path: Path) -> list[list[str]]:
    """Rows of a published file, without its head; none where there is no such file."""
    if not path.is_file():
        return []
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))[1:]


def figure(page: Path, name: str) -> dict[str, Any] | None:
    """The data of a picture as the page holds it."""
    found = re.search(rf'id="{name}">(.*?)</script>', page.read_text(encoding="utf-8"))
    return json.loads(found[1]) if found else None


ENDS = ("lost", "silent", "won", "open")
ENDING = "journey_end:"
DRAWN = 5
"""steps that a picture can have"""


def is_end(following: str) -> bool:
    return following.startswith(ENDING)


def _possible(ways: set[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Every way from an activity met at a step to one met at the next, or to an ending."""
    met: dict[int, set[str]] = defaultdict(set)
    for step, activity, _ in ways:
        met[step].add(activity)
    ends = {f"{ENDING}{end}" for end in ENDS}
    return sorted(
        (step, one, two) for step in range(1, DRAWN + 1) for one in met[step] for two in met[step + 1] - {one} | ends
    )


class Steps:
    """What the pictures of first steps tell: of all segments, in one system of equations."""

    def __init__(self, counts: Mapping[tuple[str, int, str, str], int], names: Mapping[str, str]) -> None:
        """Take the true journeys by segment, step, activity and next one; and activities by printed name."""
        self.truth = {key: count for key, count in counts.items() if key[0] != "all"}
        self.parts = sorted({key[0] for key in self.truth})
        self.ways = _possible({key[1:] for key in self.truth})
        self.names = names
        self.reader = Reader()
        self.wanted: dict[Any, list[Hashable]] = {}
        for part in self.parts:
            for step, activity in sorted({(step + 1, following) for step, _, following in self.ways}):
                into = self.cells(part, step - 1, into={activity})
                out = self.cells(part, step, out={activity})
                if out:
                    self.reader.knows(into, out)

    def cells(
        self, segment: str, step: int, out: set[str] | None = None, into: set[str] | None = None
    ) -> list[Hashable]:
        parts = self.parts if segment == "all" else [segment]
        return [
            (part, *way)
            for way in self.ways
            if way[0] == step and (out is None or way[1] in out) and (into is None or way[2] in into)
            for part in parts
        ]

    def read(self, segment: str, rows: list[list[str]]) -> None:
        """Take in one published file; what it holds back of a node becomes something to be wanted."""
        named: dict[int, set[str]] = defaultdict(set)
        for step, source, *_ in rows:
            named[int(step)] |= {self.names[source]} if source != OTHER else set()
        every = {activity for _, activity, _ in self.ways}
        is_full = {(int(step), source) for step, source, *_ in rows}
        told_in: dict[tuple[int, str], list[Hashable]] = defaultdict(list)
        told_out: dict[tuple[int, str], list[Hashable]] = defaultdict(list)

        def group(step: int, name: str) -> set[str]:
            return every - named[step] if name == OTHER else {self.names[name]}

        for step, source, target, *_ in rows:
            if target == "other":
                continue
            level = int(step)
            ends = {"lost": {"journey_end:lost", "journey_end:silent"}, "reached goal": {"journey_end:won"}}
            ends["still in progress"] = {"journey_end:open"}
            into = ends[target] if target in ends else group(level + 1, target)
            cells = self.cells(segment, level, group(level, source), into)
            self.reader.knows(cells)
            told_out[level, source] += cells
            if target not in ends:
                told_in[level + 1, target] += cells
        for level, name in sorted(is_full):
            whole = self.cells(segment, level, group(level, name))
            self.reader.knows(whole)
            for kind, told, cells in (
                ("out of", told_out, whole),
                ("into", told_in, self.cells(segment, level - 1, into=group(level, name))),
            ):
                self.want((segment, kind, level, name), set(cells) - set(told[level, name]))

    def want(self, name: Any, cells: Iterable[Hashable]) -> None:
        cells = sorted(cells, key=str)
        if 0 < sum(self.truth.get(cell, 0) for cell in cells) < 10:
            self.wanted[name] = cells

    def leaks(self) -> list[Any]:
        """Small groups that the reader finds: ways, touchpoints and steps, of segments and of several together."""
        steps = sorted({step for step, _, _ in self.ways})
        for number in range(1, len(self.parts) + 1):
            for group in combinations(self.parts, number):
                for step in steps:
                    of_step = [cell for part in group for cell in self.cells(part, step)]
                    self.want((group, step), of_step)
                    # what a column loses on the way to the next one, or to any later one
                    self.want((group, step, "ended"), [cell for cell in of_step if is_end(cell[3])])
                    for end in ENDS:
                        self.want((group, step, end), [cell for cell in of_step if cell[3] == f"{ENDING}{end}"])
                    for later in range(step + 1, DRAWN + 1):
                        between = [
                            cell for s in range(step, later + 1) for part in group for cell in self.cells(part, s)
                        ]
                        self.want((group, step, later, "ended"), [cell for cell in between if is_end(cell[3])])
                    for activity in sorted({way[1] for way in self.ways if way[0] == step}):
                        self.want((group, step, activity), [cell for cell in of_step if cell[2] == activity])
                    for way in self.ways:
                        if way[0] == step:
                            self.want((group, *way), [(part, *way) for part in group])
        return self.reader.found(self.wanted)


class Stages:
    """What variants, ways through the stages, returns and counts of whole segments tell together."""

    def __init__(
        self, counts: Mapping[tuple[str, str, str], int], order: Mapping[str, int], names: Mapping[str, str]
    ) -> None:
        """Take the true journeys by segment, stages (joined by >) and ending; numbers of stages; stages by name."""
        self.order, self.names = order, names
        self.truth = {(s, tuple(path.split(">")), end): n for (s, path, end), n in counts.items() if s != "all"}
        self.parts = sorted({key[0] for key in self.truth})
        seen = {key[1:] for key in self.truth}
        # of every way there may be a variant that nobody took, and of every ending a way
        unseen = {((*self.way(path), "?"), end) for path, end in seen} | {(("?",), end) for end in ENDS}
        self.variants = sorted(seen | unseen)
        self.reader = Reader()
        self.wanted: dict[Any, list[Hashable]] = {}

    def way(self, path: Iterable[str]) -> tuple[str, ...]:
        return way_of(">".join(path), self.order)

    def is_return(self, path: Iterable[str]) -> bool:
        numbers = [self.order.get(stage, 0) for stage in path]
        return numbers != sorted(numbers)

    def cells(self, segment: str, test: Callable[[tuple[str, ...], str], bool]) -> list[Hashable]:
        parts = self.parts if segment == "all" else [segment]
        return [(part, *variant) for part in parts for variant in self.variants if test(*variant)]

    def read(self, segment: str, folder: Path, drawn: Mapping[Way, set[str]]) -> None:
        """Take in the files of one segment; `drawn` are the ways that its Sankey draws, and of which segments."""
        self._read_variants(segment, table(folder / "csv" / "variants.csv"))
        self._read_flows(table(folder / "csv" / "stage_flows.csv"), drawn)
        for stage, entered, *_ in table(folder / "csv" / "stages.csv"):
            if entered:
                self.reader.knows(self.cells(segment, lambda path, _, s=self.names[stage]: s in path))
        words = re.sub(r"<[^>]+>", "", (folder / "paths.html").read_text(encoding="utf-8"))
        if re.search(r"returned to an earlier stage", words):
            self.reader.knows(self.cells(segment, lambda path, _: self.is_return(path)))
        words = (folder / "map.html").read_text(encoding="utf-8")
        if re.search(r"still in progress: \d", words):
            self.reader.knows(self.cells(segment, lambda _, end: end == "open"))

    def knows_size(self, segment: str) -> None:
        self.reader.knows(self.cells(segment, lambda _, __: True))

    def _read_variants(self, segment: str, rows: list[list[str]]) -> None:
        endings = {"reached goal": "won", "lost": "lost", "went silent": "silent", "in progress": "open"}
        for path, ending, *_ in rows:
            if ending:
                wanted = (tuple(self.names[name] for name in path.split(" > ")), endings[ending])
                self.reader.knows(self.cells(segment, lambda *variant, w=wanted: variant == w))
            else:
                self.knows_size(segment)

    def _read_flows(self, rows: list[list[str]], drawn: Mapping[Way, set[str]]) -> None:
        endings = {"reached goal": "won", "lost": "lost", "went silent": "silent", "still in progress": "open"}

        def is_on(link: tuple[str, str], way: tuple[str, ...], ending: str) -> bool:
            return link in zip(("start", *way), (*way, ending), strict=True)

        for source, target, *_ in rows:
            link = (self.names.get(source, "start"), self.names.get(target) or endings[target])
            on = {way: parts for way, parts in drawn.items() if is_on(link, *way)}
            self.reader.knows(
                [
                    (part, *variant)
                    for variant in self.variants
                    for part in sorted(on.get((self.way(variant[0]), variant[1]), ()))
                ]
            )

    def want(self, name: Any, cells: Iterable[Hashable]) -> None:
        cells = list(cells)
        if 0 < sum(self.truth.get(cell, 0) for cell in cells) < 10:
            self.wanted[name] = cells

    def leaks(self) -> list[Any]:
        """Small groups that the reader finds, of segments and of several together."""
        kinds: dict[Any, Callable[[tuple[str, ...], str], bool]] = {
            "everybody": lambda _, __: True,
            "return": lambda path, _: self.is_return(path),
            "no return": lambda path, _: not self.is_return(path),
        }
        for end in ENDS:
            kinds[end] = lambda _, e, end=end: e == end
        for stage in self.order:
            kinds["entered", stage] = lambda path, _, s=stage: s in path
            for end in ENDS:
                kinds["ended", stage, end] = lambda path, e, s=stage, end=end: path[-1] == s and e == end
        for variant in self.variants:
            kinds["variant", *variant] = lambda *v, w=variant: v == w
        for number in range(1, len(self.parts) + 1):
            for group in combinations(self.parts, number):
                for name, test in kinds.items():
                    self.want((group, name), [cell for part in group for cell in self.cells(part, test)])
        return self.reader.found({n: c for n, c in self.wanted.items() if all(x in self.reader.places for x in c)})
