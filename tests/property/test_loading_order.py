"""Whatever the order, the names and the repetitions of deliveries: staging is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from source_place import HEADINGS, Place, order

VERSIONS = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 28))
FILES = st.lists(st.lists(VERSIONS, min_size=1, max_size=5), min_size=1, max_size=3)
STAGED = (
    "select order_id, amount::varchar, changed_at::varchar, _file_id, _line, _row_hash from stg_shop__orders order by 1"
)


def content(rows: list[tuple[int, int, int]]) -> str:
    lines = (order(number, amount=str(amount), changed=f"{day:02d}.04.2026 10:00") for number, amount, day in rows)
    return HEADINGS + "".join(lines)


def staged(files: list[str]) -> list[tuple[object, ...]]:
    """Deliver the files one night after the other."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder)).shop()
        for night, text in enumerate(files):
            place.put(f"shop/orders_{night}.csv", text)
            place.load()
        return place.raw(STAGED)


@settings(max_examples=6, deadline=None)
@given(files=FILES, data=st.data())
def test_deliveries_in_any_order_and_number_give_the_same_staging(
    files: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    texts = [content(rows) for rows in files]
    shuffled = data.draw(st.permutations([*texts, texts[0]]))
    assert staged(shuffled) == staged(texts)


@settings(max_examples=6, deadline=None)
@given(files=FILES)
def test_the_newest_change_of_every_record_is_current(files: list[list[tuple[int, int, int]]]) -> None:
    rows = [row for file in files for row in file]
    newest = {str(number): max(day for other, _, day in rows if other == number) for number, _, _ in rows}
    found = {str(row[0]): int(str(row[2])[8:10]) for row in staged([content(file) for file in files])}
    assert found == newest
