from __future__ import annotations

from journey_mining.sources import load_status, loaded_inputs, read_quarantine
from source_place import HEADINGS, Place, order


def test_a_project_that_never_ran_has_nothing(place: Place) -> None:
    project = place.shop().project
    (status,) = load_status(project)
    assert (status.source, status.files_loaded, status.fresh_until) == ("shop", 0, None)
    assert (read_quarantine(project), loaded_inputs(project)) == ([], [])


def test_status_counts_files_and_rows(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.6})
    place.shop().put("shop/orders_2026-05-02.csv", HEADINGS + order(1) + "2,never,,,\n")
    place.put("shop/orders_empty.csv", "")
    place.load()
    (status,) = load_status(place.project)
    assert (status.files_loaded, status.files_rejected, status.rows_read, status.rows_quarantined) == (1, 1, 2, 1)
    assert str(status.fresh_until) == "2026-05-01 21:00:00"


def test_the_quarantine_names_file_line_column_and_reason(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.6})
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + "2,never,,,\n")
    place.load()
    (row,) = read_quarantine(place.project, limit=5)
    assert (row.path, row.line, row.column_name, row.reason) == ("shop/orders.csv", 3, "made_at", "BAD_TIMESTAMP")


def test_inputs_do_not_depend_on_names_or_order(place: Place) -> None:
    place.shop().put("shop/orders_a.csv", HEADINGS + order(1))
    place.put("shop/orders_b.csv", HEADINGS + order(2))
    place.load()
    before = loaded_inputs(place.project)
    place.project.raw_file.unlink()
    (place.inbox / "shop/orders_a.csv").rename(place.inbox / "shop/orders_z.csv")
    place.load()
    assert loaded_inputs(place.project) == before
