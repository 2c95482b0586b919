"""A reader with a pencil: what follows from all published counts taken together.

In: published totals, each as the cells it is the sum of, and sums of cells that nobody may learn. Out: those of them
that the totals determine. Every part (segment) has the same cells; most totals are of one part, the others, of
everybody, tie parts together. So each part is solved alone, and only what is left of the totals of everybody over all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Cells = NDArray[np.bool_]
"""which cells a sum is of"""
_ZERO = 1e-7


@dataclass
class Equations:
    """Totals that are known, over unknown counts of `size` cells in each part."""

    size: int
    _own: dict[str, list[Cells]] = field(default_factory=dict)
    _joint: list[dict[str, Cells]] = field(default_factory=list)

    def knows(self, total: Mapping[str, Cells]) -> None:
        """That somebody can read the sum of these cells of these parts."""
        kept = {part: cells for part, cells in total.items() if cells.any()}
        if len(kept) > 1:
            self._joint.append(kept)
        elif kept:
            ((part, cells),) = kept.items()
            self._own.setdefault(part, []).append(cells)

    def asked(self, questions: Cells, parts: Iterable[str]) -> Answers:
        """What follows of sums of cells.

        Args:
            questions: one sum a row, by cells.
            parts: all there are.
        """
        own = {part: self._basis_of(part) for part in parts}
        nothing = np.zeros(self.size, dtype=bool)
        rows = {part: _left([row.get(part, nothing) for row in self._joint], own[part]) for part in own}
        joint = _basis(np.concatenate([np.zeros((len(self._joint), 0)), *rows.values()], axis=1))
        wanted = questions.astype(float)
        far, along = {}, {}
        for place, part in enumerate(own):
            told, everybody = wanted @ own[part].T, joint[:, place * self.size : (place + 1) * self.size].T
            far[part] = wanted.sum(axis=1) - np.square(told).sum(axis=1)
            along[part] = wanted @ everybody - told @ (own[part] @ everybody)
        return Answers(far=far, along=along)

    def _basis_of(self, part: str) -> Vector:
        totals = self._own.get(part, [])
        return _basis(np.unique(np.array(totals, dtype=float).reshape(len(totals), self.size), axis=0))


@dataclass(frozen=True, slots=True)
class Answers:
    """What is left of each question when a part's own totals are used up, and how far those of everybody reach."""

    far: Mapping[str, Vector]
    """by part: squared length of what its own totals leave open of each question"""
    along: Mapping[str, Vector]
    """by part: that rest in the directions that the totals of everybody tell"""

    def is_closed(self, question: int, part: str) -> bool:
        """Whether the part's own totals tell its sum."""
        return bool(self.far[part][question] < _ZERO)

    def tells(self, question: int, parts: Iterable[str]) -> bool:
        """Whether the sum over these parts follows from everything."""
        named = list(parts)
        reached = np.square(sum(self.along[part][question] for part in named)).sum()
        return bool(sum(self.far[part][question] for part in named) - reached < _ZERO)


def _left(sums: Iterable[Cells], basis: Vector) -> Vector:
    """What a basis leaves open of sums."""
    rows = np.array([*sums], dtype=float).reshape(-1, basis.shape[1])
    left: Vector = rows - (rows @ basis.T) @ basis
    return left


def _basis(rows: Vector) -> Vector:
    """Orthonormal rows that span the same."""
    if not rows.size:
        return np.zeros((0, rows.shape[1]))
    _, values, found = np.linalg.svd(rows, full_matrices=False)
    basis: Vector = found[values > _ZERO * max(values.max(), 1.0)]
    return basis
