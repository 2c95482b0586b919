"""Drafts of sources: they pass the check, load, and say what they do not know."""

from __future__ import annotations

import pytest

from journey_mining.errors import FileRejectedError, NotFoundError, SettingsError
from journey_mining.sources import load_source
from journey_mining.sources.workbench import Draft, check_source, draft_source
from source_place import NOW, Place

TICKETS = (
    "id;opened_at;user_id;what\n1;2026-04-01 10:00:00;71;Не работает сайт\n2;2026-04-02 10:00:00;72;Нет счёта за май\n"
)
USERS = "id;email\n71;anna@mail.example\n72;boris@mail.example\n"


def drafted(place: Place, name: str, *files: str, role: str = "other") -> Draft:
    return draft_source(place.project, name, [place.inbox / file for file in files], role=role)


def spec(place: Place, name: str) -> str:
    return (place.root / "sources" / name / "spec.toml").read_text(encoding="utf-8")


def test_people_of_another_file_are_joined_by_their_number(place: Place) -> None:
    place.put("desk/tickets_2026-04-03.csv", TICKETS)
    place.put("desk/users_2026-04-03.csv", USERS)
    drafted(place, "desk", "desk/tickets_2026-04-03.csv", "desk/users_2026-04-03.csv", role="support")
    place.load()
    assert place.built(
        "select natural_key, event_kind, string_agg(kind, ' ' order by kind) from event "
        "inner join event_identifier using (event_id) group by all order by 1"
    ) == [("tickets:1", "ticket_created", "desk_user email"), ("tickets:2", "ticket_created", "desk_user email")]


def test_files_with_equal_headings_are_one_stream_and_dates_are_stars(place: Place) -> None:
    place.put("desk/tickets_2026-04-03.csv", TICKETS)
    place.put("desk/tickets_2026-04-04.csv", TICKETS.replace("\n1;", "\n3;"))
    drafted(place, "desk", "desk/tickets_2026-04-03.csv", "desk/tickets_2026-04-04.csv")
    (stream,) = load_source(place.root / "sources" / "desk").streams
    assert (stream.files, stream.snapshot_at and stream.snapshot_at.format) == (("desk/tickets_*.csv*",), "%Y-%m-%d")


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ("id,x\n1,a\n2,a\n", ("id",)),
        ("order_id,line_id\n1,1\n1,2\n2,1\n", ("order_id", "line_id")),
        ("x,y\na,1\na,1\n", ("_row_key",)),
        ("id,updated_at\n1,2026-04-01\n1,2026-04-02\n2,2026-04-01\n3,2026-04-01\n", ("id",)),
        ("id,x\n0,a\n1,b\n2,c\n", ("_row_key",)),
    ],
)
def test_keys_are_what_is_always_there_and_differs(place: Place, rows: str, key: tuple[str, ...]) -> None:
    place.put("a/a.csv", rows)
    drafted(place, "a", "a/a.csv")
    assert load_source(place.root / "sources" / "a").streams[0].key == key


def test_newer_versions_of_a_record_are_told_by_the_time_of_change(place: Place) -> None:
    place.put("a/a.csv", "id,updated_at\n1,2026-04-01\n1,2026-04-02\n2,2026-04-01\n3,2026-04-01\n")
    drafted(place, "a", "a/a.csv")
    assert load_source(place.root / "sources" / "a").streams[0].version == ("updated_at",)
    assert "If the rows are a history, the key is id and updated_at." in spec(place, "a")


def test_no_value_of_the_files_stands_in_the_draft(place: Place) -> None:
    place.put("a/a.csv", "id,phone,name,seen\n71,+79165550101,Иван,2026-04-01\n72,+79165550102,Иван,2026-04-02\n")
    folder = drafted(place, "a", "a/a.csv").folder
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert [value for value in ("9165550101", "Иван", "71", "2026-04") if value in text] == []


@pytest.mark.parametrize(
    ("heading", "value", "kind"),
    [
        ("_ym_uid", "1700000000123456789", "ym_client"),
        ("ym:pv:clientID", "1700000000123456789", "ym_client"),
        ("ga_client_id", "123.456", "ga_client"),
        ("visitorId", "0123456789abcdef", "matomo_visitor"),
        ("visitor_id", "17", "a_visitor"),
        ("customer_id", "17", "a_customer"),
        ("customer_zip_no", "17", None),
    ],
)
def test_identifiers_are_told_by_their_headings(place: Place, heading: str, value: str, kind: str | None) -> None:
    place.put("a/a.csv", f"id,at,{heading}\n1,2026-04-01,{value}\n2,2026-04-02,{value}\n")
    found = [kind for stream in drafted(place, "a", "a/a.csv").plan.streams for kind, _ in stream.identifiers]
    assert found == ([kind] if kind else [])


def test_nested_json_becomes_paths(place: Place) -> None:
    place.put("a/a.json", '{"data": [{"id": 1, "at": "2026-04-01T10:00:00Z", "who": {"email": "anna@mail.example"}}]}')
    drafted(place, "a", "a/a.json")
    place.load()
    assert place.raw("select id, at_, who_email from stg_a__a")[0][::2] == ("1", "anna@mail.example")


def test_two_shapes_of_one_json_are_one_stream(place: Place) -> None:
    place.put("a/a_2026-04-01.json", '{"results": [{"id": 1, "at": "2026-04-01T10:00:00Z"}]}')
    place.put("a/a_2026-04-02.json", '[{"id": 2, "at": "2026-04-02T10:00:00Z"}]')
    drafted(place, "a", "a/a_2026-04-01.json", "a/a_2026-04-02.json")
    place.load()
    assert place.raw("select id from stg_a__a order by id") == [("1",), ("2",)]


def test_the_narrower_glob_goes_first(place: Place) -> None:
    place.put("a/deals_2026-04-01.csv", "id,at\n1,2026-04-01\n2,2026-04-01\n")
    place.put("a/deals_ru_2026-04-01.csv", "номер;дата\n1;01.04.2026\n2;01.04.2026\n")
    drafted(place, "a", "a/deals_2026-04-01.csv", "a/deals_ru_2026-04-01.csv")
    assert [stream.id for stream in load_source(place.root / "sources" / "a").streams] == ["deals_ru", "deals"]


def test_an_access_log_is_read_line_by_line(place: Place) -> None:
    line = '198.51.100.7 - - [01/Apr/2026:10:00:00 +0300] "GET /prices HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'
    place.put("log/access.log", line + line.replace("10:00", "10:05"))
    drafted(place, "log", "log/access.log", role="web")
    place.load()
    assert place.built("select event_kind, url_path, occurred_at::varchar from event order by occurred_at") == [
        ("pageview", "/prices", "2026-04-01 07:00:00"),
        ("pageview", "/prices", "2026-04-01 07:05:00"),
    ]


def test_a_table_that_begins_with_a_bracket_is_no_json(place: Place) -> None:
    place.put("a/a.csv", "[];1780000000;5\n[a];1780000001;6\n")
    assert drafted(place, "a", "a/a.csv").plan.streams[0].guess.samples[0].format == "csv"


def test_files_that_cannot_be_read_are_named_and_the_others_drafted(place: Place) -> None:
    place.put("a/a.csv", "id,at\n1,2026-04-01\n2,2026-04-02\n")
    place.put("a/b.csv", "")
    assert drafted(place, "a", "a/a.csv", "a/b.csv").skipped == (
        "b.csv is empty. Export it in one of these, or write its stream by hand (docs/adding-a-source.md).",
    )


def test_nothing_is_overwritten(place: Place) -> None:
    place.put("shop/a.csv", "id,at\n1,2026-04-01\n")
    place.shop()
    with pytest.raises(SettingsError, match="is there already"):
        drafted(place, "shop", "shop/a.csv")


def test_names_and_files_are_looked_at_first(place: Place) -> None:
    place.put("a/b.csv", "")
    with pytest.raises(SettingsError, match="cannot be the name"):
        drafted(place, "Мой", "a/b.csv")
    with pytest.raises(NotFoundError):
        drafted(place, "a", "a/missing.csv")
    with pytest.raises(FileRejectedError, match="None of the files"):
        drafted(place, "a", "a/b.csv")
    assert not (place.root / "sources" / "a").exists()


def test_a_draft_without_times_gives_no_events_and_passes_the_check(place: Place) -> None:
    place.put("a/a.csv", "id,x\n1,a\n2,b\n")
    drafted(place, "a", "a/a.csv")
    (check,) = check_source(place.project, "a", now=NOW)
    assert (check.faults, check.kinds) == ((), ())
