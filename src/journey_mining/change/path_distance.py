"""How far apart two mixtures of paths are.

Pure functions. The distance of two paths is the edit distance over the length of the longer one; the distance of two
mixtures is the work of turning one into the other (earth mover's distance; Leemans, van der Aalst, Brockhoff,
Polyvyanyy 2021). Flows are compared by the Jensen-Shannon divergence in bits (Lin 1991).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def path_distances(paths: Sequence[Sequence[Hashable]]) -> FloatArray:
    """Distances of all pairs, from 0 (the same) to 1 (nothing in common), shape (paths, paths)."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    # equal elements get equal hashes whatever their type; numbers are compared fastest
    names = {name: number for number, name in enumerate(dict.fromkeys(name for path in paths for name in path))}
    coded = [[names[name] for name in path] for path in paths]
    found = cdist(coded, coded, scorer=Levenshtein.normalized_distance, dtype=np.float64)
    return np.asarray(found, dtype=np.float64)


def mover_distance(one: FloatArray, other: FloatArray, distances: FloatArray) -> float:
    """Least mean distance over which the one mixture must be moved to become the other; both sum to 1."""
    import ot

    # nothing may be cancelled beforehand: the distance of paths is no metric, a detour can be shorter
    sources, targets = np.flatnonzero(one), np.flatnonzero(other)
    cost = np.ascontiguousarray(distances[np.ix_(sources, targets)])
    return max(0.0, float(ot.emd2(one[sources] / one.sum(), other[targets] / other.sum(), cost)))


def divergence_terms(one: FloatArray, other: FloatArray) -> FloatArray:
    """What each place adds to the Jensen-Shannon divergence of two mixtures, in bits; all are at least 0."""
    middle = (one + other) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [np.where(part > 0, part * np.log2(part / middle), 0.0) / 2 for part in (one, other)]
    result: FloatArray = np.maximum(terms[0] + terms[1], 0.0)
    return result


def divergence(one: FloatArray, other: FloatArray) -> float:
    """Jensen-Shannon divergence of two mixtures, from 0 to 1 bit.

    >>> divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    1.0
    """
    return float(divergence_terms(one, other).sum())
