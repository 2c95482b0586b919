"""Whatever way records are delivered - split, repeated, renamed, in any order, over several nights - what is staged and
told as events is what one delivery of everything gives.

`JOURNEY_FUZZ=300 pytest tests/property/test_loading_deliveries.py` looks deeper.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from source_place import HEADINGS, SHOP, Place, order

EXAMPLES = int(os.environ.get("JOURNEY_FUZZ", "2"))
# making a failing example smaller takes minutes: left to those who look deeper
PHASES = [phase for phase in Phase if phase is not Phase.shrink or "JOURNEY_FUZZ" in os.environ]
KEY = 'key = ["order_id"]'
STAGED = (
    "select order_id, made_at, changed_at, amount, email, _snapshot_at, _row_hash from stg_shop__orders order by all"
)
TOLD = "select event_id, natural_key, occurred_at, amount from event order by all"
FATES = "select sum(rows_read - rows_quarantined - rows_collapsed - rows_superseded - rows_deleted) from file_ledger"


def spec(delivery: str, *, extra: str = "") -> str:
    """The shop's spec with another rule of delivery."""
    return SHOP.replace(KEY, f"{KEY}\ndelivery = {{ {delivery} }}").replace("amount     =", f"{extra}\namount     =")


DAY = 'day = { from = ["Создан"], type = "date" }'
MODES = {
    "append": spec('mode = "append"'),
    "upsert": spec('mode = "upsert", soft_delete = { column = "amount", values = ["13.00"] }'),
    "snapshot": spec('mode = "snapshot", complete = true, max_shrink = 1'),
    "partition": spec('mode = "partition", partition = "day"', extra=DAY),
    "clock": spec('mode = "partition", partition = "day"', extra=DAY).replace(
        "snapshot_at = {", 'snapshot_at = { fallback = "mtime",'
    ),
}


@dataclass(frozen=True)
class Piece:
    """A file: rows of one day's delivery, under some name."""

    drawn: int
    rows: tuple[str, ...]
    name: str

    def put(self, place: Place, mode: str) -> None:
        day = "" if mode == "clock" else f"2026-09-{self.drawn:02d}_"
        path = place.put(f"shop/orders_{day}{self.name}.csv", HEADINGS + "".join(self.rows))
        moment = datetime(2026, 9, self.drawn, 3, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))


ROW = st.builds(
    lambda number, made, changed, amount: order(
        number, made=f"{made:02d}.04.2026", changed=f"{changed:02d}.04.2026 10:00", amount=str(amount)
    ),
    *(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 2, 13])),
)
DELIVERIES = st.dictionaries(st.integers(1, 4), st.lists(ROW, min_size=1, max_size=6, unique=True), min_size=1)


def told(nights: list[list[Piece]], mode: str) -> tuple[object, ...]:
    """What is staged and told after some nights of deliveries; every night the inbox holds its own files only."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder)).shop(spec=MODES[mode])
        for night in nights:
            for piece in night:
                piece.put(place, mode)
            place.load()
            for path in place.inbox.rglob("*.csv"):
                path.unlink()
        return place.raw(STAGED), place.built(TOLD), int(place.raw(FATES)[0][0]) - len(place.raw(STAGED))


@st.composite
def nights(draw: st.DrawFn, deliveries: dict[int, list[str]]) -> list[list[Piece]]:
    """The same deliveries in pieces, some of them twice, under any names, in any order, over some nights."""
    pieces = []
    for drawn, rows in deliveries.items():
        cut = draw(st.integers(0, len(rows)))
        parts = [tuple(part) for part in (rows[:cut], rows[cut:]) if part]
        again = draw(st.lists(st.sampled_from(parts), max_size=1))
        pieces += [Piece(drawn, part, draw(st.sampled_from("abc")) + str(len(pieces) + i)) for i, part in
                   enumerate([*parts, *again])]  # fmt: skip
    shuffled = draw(st.permutations(pieces))
    cuts = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=2)))
    return [list(shuffled[a:b]) for a, b in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=EXAMPLES, deadline=None, phases=PHASES)
@given(deliveries=DELIVERIES, data=st.data())
def test_however_records_are_delivered_the_same_is_staged_and_told(
    mode: str, deliveries: dict[int, list[str]], data: st.DataObject
) -> None:
    at_once = [Piece(drawn, tuple(rows), f"all{drawn}") for drawn, rows in deliveries.items()]
    staged, events, unaccounted = told([at_once], mode)
    assert told(data.draw(nights(deliveries)), mode) == (staged, events, 0)
    assert unaccounted == 0
