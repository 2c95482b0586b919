"""The cheapest explanation of a path by a net: which steps were done, which were left out, which were extra.

In: the net of a process tree and a trace. Out: an `Alignment`. Adriansyah 2014, with costs that leave no choice: a
step left out costs 1000, an extra step 1001, so that "left out b" wins over "c came too much"; among equal costs the
steps that fit come as early as they can, then labels decide. Nets are small (a dozen steps), so that the exact search
needs neither heuristics nor a limit of time, and its answer does not depend on the process that it runs in.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum

from journey_mining.mining.event_log import Trace
from journey_mining.mining.process_tree import END, START, Block, petri_net, shortest_run

SKIP_COST, EXTRA_COST = 1000, 1001

_Marking = frozenset[str]


class Kind(IntEnum):
    """What a move of an alignment says; the order decides ties."""

    DONE = 0
    SKIPPED = 1
    EXTRA = 2


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """One move of an alignment."""

    kind: Kind
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """The cheapest explanation of one trace."""

    moves: tuple[Move, ...]
    worst_count: int
    """misfits of the worst explanation: every step of the trace extra, every step of the shortest run left out"""

    @property
    def misfit_count(self) -> int:
        """Steps left out and extra steps."""
        return sum(move.kind is not Kind.DONE for move in self.moves)

    @property
    def fitness(self) -> float:
        """1 - misfits / worst; 1 for a trace that fits."""
        return 1 - self.misfit_count / self.worst_count if self.worst_count else 1.0


class Aligner:
    """Aligns traces with one tree; answers are kept, because few distinct traces make up a log."""

    def __init__(self, tree: Block) -> None:
        net = petri_net(tree)
        self._shortest = shortest_run(tree)
        takes: dict[str, set[str]] = defaultdict(set)
        puts: dict[str, set[str]] = defaultdict(set)
        for source, target in net.arcs:
            if source.startswith("t"):
                puts[source].add(target)
            else:
                takes[target].add(source)
        names = [f"t{number}" for number in range(1, len(net.labels) + 1)]
        self._transitions = [
            (label, frozenset(takes[name]), frozenset(puts[name]))
            for name, label in zip(names, net.labels, strict=True)
        ]
        self._followers: dict[_Marking, list[tuple[str, _Marking]]] = {}
        self._known: dict[tuple[Trace, bool], Alignment] = {}

    def align(self, trace: Trace, *, is_whole: bool) -> Alignment:
        """The cheapest explanation of a trace.

        Args:
            trace: activities in order.
            is_whole: the journey is over, so that the way must be walked to its end; otherwise the net is closed under
                prefixes: what was not reached is not left out.
        """
        key = (trace, is_whole)
        if key not in self._known:
            shortest = self._shortest if is_whole else min(self._shortest, 1)
            self._known[key] = Alignment(moves=self._search(trace, is_whole), worst_count=len(trace) + shortest)
        return self._known[key]

    def starts(self) -> frozenset[str]:
        """Steps with which a run may begin."""
        waiting, known, found = [frozenset([START])], set(), set()
        while waiting:
            marking = waiting.pop()
            for label, after in self._after(marking):
                if label:
                    found.add(label)
                elif after not in known:
                    known.add(after)
                    waiting.append(after)
        return frozenset(found)

    def _search(self, trace: Trace, is_whole: bool) -> tuple[Move, ...]:
        """Dijkstra over (marking, place in the trace), ordered by cost and then by the moves themselves."""
        queue: list[tuple[int, tuple[Move, ...], int, list[str]]] = [(0, (), 0, [START])]
        done: set[tuple[_Marking, int]] = set()
        while queue:
            cost, moves, place, held = heapq.heappop(queue)
            marking = frozenset(held)
            if place == len(trace) and (not is_whole or marking == {END}):
                return moves
            if (marking, place) in done:
                continue
            done.add((marking, place))
            if place < len(trace):
                heapq.heappush(queue, (cost + EXTRA_COST, (*moves, Move(Kind.EXTRA, trace[place])), place + 1, held))
            for label, following in self._after(marking):
                after = sorted(following)
                if not label:
                    heapq.heappush(queue, (cost, moves, place, after))
                    continue
                heapq.heappush(queue, (cost + SKIP_COST, (*moves, Move(Kind.SKIPPED, label)), place, after))
                if place < len(trace) and trace[place] == label:
                    heapq.heappush(queue, (cost, (*moves, Move(Kind.DONE, label)), place + 1, after))
        raise AssertionError("a net of a process tree can always be walked to its end")

    def _after(self, marking: _Marking) -> list[tuple[str, _Marking]]:
        """Labels of the transitions that are enabled, with the marking after each."""
        if marking not in self._followers:
            self._followers[marking] = [
                (label, (marking - takes) | puts) for label, takes, puts in self._transitions if takes <= marking
            ]
        return self._followers[marking]
