"""From staging to the published tables: the frame around the SQL of the sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from journey_mining.errors import ModelError, SpecError
from journey_mining.privacy import pseudonym
from journey_mining.sources import build_events
from source_place import HEADINGS, KEY, PEOPLE, SHOP, SHOP_EVENTS, Place, order


def loaded(place: Place, *, events: str = SHOP_EVENTS, **sql: str) -> Place:
    place.spec("shop", SHOP, events=events, **sql)
    place.put("shop/orders.csv", HEADINGS + order(1) + order(2))
    place.load()
    return place


def test_an_event_is_named_by_source_stream_and_key(place: Place) -> None:
    rows = loaded(place).built("select event_id, natural_key, occurred_at::varchar, ts_quality from event order by 2")
    expected = hashlib.md5(b"shop|orders|1", usedforsecurity=False).hexdigest()
    assert rows[0] == (expected, "1", "2026-04-01 07:00:00", "exact")


def test_columns_that_a_source_does_not_give_are_null(place: Place) -> None:
    assert loaded(place).built("select distinct score_norm, pipeline, exclude, amount from event") == [
        (None, None, None, 100.0)
    ]


def test_identifiers_are_hashed_and_plain_ones_are_nowhere_in_the_file(place: Place) -> None:
    rows = loaded(place, event_identifiers=PEOPLE).built("select value from event_identifier order by value")
    assert rows == sorted((pseudonym("email", f"u{n}@mail.example", KEY),) for n in (1, 2))
    assert b"mail.example" not in (place.root / "warehouse" / "building.duckdb").read_bytes()


def test_patterns_of_the_project_are_in_no_text_label_or_attribute(place: Place) -> None:
    place.settings(privacy={"patterns": {"client": r"77\d{5}"}})
    said = SHOP_EVENTS.replace(
        "    'crm' as channel,\n",
        """    'crm' as channel,
    'client 7712345' as utm_campaign,
    '{"client": 7712345, "note": "7712346", "is_new": true}' as attributes,
""",
    )
    texts = PEOPLE.replace("event_identifiers", "event_texts").replace(
        "'email' as kind, email as value", "'счёт клиента 7712345 не пришёл' as text"
    )
    rows = loaded(place, events=said, event_texts=texts).built(
        "select distinct e.utm_campaign, e.attributes, t.text from event as e inner join event_text as t "
        "on e.event_id = t.event_id"
    )
    assert rows == [
        (
            "client [client]",
            '{"client": "[client]", "note": "[client]", "is_new": true}',
            "счёт клиента [client] не пришёл",
        )
    ]
    assert b"77123" not in (place.root / "warehouse" / "building.duckdb").read_bytes()


def test_people_of_own_domains_are_flagged_internal(place: Place) -> None:
    place.settings(journeys={"internal_domains": ["mail.example"]})
    rows = loaded(place, event_identifiers=PEOPLE).built("select distinct exclude, exclude_reason from event")
    assert rows == [("internal", "own domain")]


def test_blocked_identifiers_stay_with_their_reason(place: Place) -> None:
    mailbox = PEOPLE.replace("email as value", "'info@mail.example' as value")
    rows = loaded(place, event_identifiers=mailbox).built("select distinct blocked_reason from event_identifier")
    assert rows == [("shared_mailbox",)]


def test_an_unknown_column_is_refused_with_a_hint(place: Place) -> None:
    wrong = SHOP_EVENTS.replace("as amount", "as amonut")
    with pytest.raises(SpecError, match=r"unknown \['amonut'\]. Did you mean 'amount'"):
        loaded(place, events=wrong).build()


def test_a_missing_column_is_refused(place: Place) -> None:
    with pytest.raises(SpecError, match=r"lacks the columns \['channel'\]"):
        loaded(place, events=SHOP_EVENTS.replace("    'crm' as channel,\n", "")).build()


def test_an_event_without_a_time_is_refused(place: Place) -> None:
    wrong = SHOP_EVENTS.replace("made_at as occurred_at", "cast(null as timestamp) as occurred_at")
    with pytest.raises(SpecError, match=r"rows without occurred_at \(2\)"):
        loaded(place, events=wrong).build()


def test_the_engine_refuses_what_the_check_lets_through(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey_mining.sources.sandbox._refuse_calls", lambda *_: None)
    monkeypatch.setattr("journey_mining.sources.sandbox.tables_read", lambda _: {"stg_shop__orders"})
    wrong = SHOP_EVENTS.replace("from stg_shop__orders", "from read_text('/etc/hostname'), stg_shop__orders")
    with pytest.raises(SpecError, match="Permission Error"):
        loaded(place, events=wrong).build()


def test_a_fault_of_the_data_repeats_no_value(place: Place) -> None:
    wrong = SHOP_EVENTS.replace("made_at as occurred_at", "cast(email as timestamp) as occurred_at")
    with pytest.raises(SpecError, match=r"failed: Conversion Error: invalid timestamp field format: '\.\.\.'"):
        loaded(place, events=wrong).build()


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("anna@mail.example", "[email]"),
        ("anna%40mail.example", "[email]"),
        ("call +7 916 123-45-67", "call [phone]"),
        ("/orders/79161234567", "/orders/[number]"),
        ("/orders/anna@mail.example?x=1", "/orders/[email]"),
        ("Иванов Иван Иванович", "[имя]"),
        ("brand-search-2026-q1-msk-retarget1", "brand-search-2026-q1-msk-retarget1"),
        ("xn----7sbbaqhlkm9ah9aiq.xn--p1ai", "xn----7sbbaqhlkm9ah9aiq.xn--p1ai"),
        ("12345678", "12345678"),
        ("c4ca4238a0b923820dcc509a6f75849b", "[token]"),
    ],
)
def test_labels_are_published_without_people(place: Place, value: str, published: str) -> None:
    columns = ["utm_source", "utm_medium", "utm_campaign", "customer_type", "asked_stage", "pipeline"]
    columns += ["activity_raw", "url_host", "url_path", "referrer_host", "score_raw", "exclude_reason"]
    given = "".join(f"    '{value}' as {name},\n" for name in columns)
    events = SHOP_EVENTS.replace("    'Заказ' as activity_raw,\n", given)
    rows = loaded(place, events=events).built(f"select distinct {', '.join(columns)} from event")
    assert rows == [(published,) * len(columns)]


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ('{"goal": "301234567", "n": [1, true]}', '{"goal": "301234567", "n": [1, true]}'),
        ('{"who": ["anna@mail.example"], "id": 79161234567}', '{"who": ["[email]"], "id": "[phone]"}'),
        ("anna@mail.example, no json", "[email], no json"),
    ],
)
def test_attributes_are_published_without_people(place: Place, value: str, published: str) -> None:
    events = SHOP_EVENTS.replace("    'Заказ'", f"    '{value}' as attributes,\n    'Заказ'")
    rows = loaded(place, events=events).built("select distinct attributes from event")
    assert rows == [(published,)]


def test_identifiers_of_no_event_are_reported(place: Place) -> None:
    loaded(place, event_identifiers=PEOPLE.replace("order_id as natural_key", "'x' as natural_key"))
    report = build_events(place.project, target=place.root / "t.duckdb", key=KEY)
    assert [(p.code, p.where) for p in report.problems] == [("ORPHANS", "shop/event_identifiers.sql")]


def test_a_stream_that_never_came_is_empty_not_an_error(place: Place) -> None:
    place.shop().put("shop/notes.ndjson", '{"id": 1}\n')
    place.load()
    assert place.built("select count(*) from event") == [(0,)]


def test_events_need_a_load_before(place: Place, tmp_path: Path) -> None:
    place.shop()
    with pytest.raises(ModelError, match="does not exist"):
        build_events(place.project, target=tmp_path / "t.duckdb", key=KEY)


def test_sources_that_were_removed_leave_no_trace(place: Place) -> None:
    loaded(place).spec("kept", SHOP.replace("shop", "kept"), events=SHOP_EVENTS.replace("shop", "kept"))
    (place.root / "sources" / "shop" / "spec.toml").unlink()
    assert place.built("select source, event_count, files_loaded from source_status") == [("kept", 0, 0)]


def test_the_same_input_gives_the_same_tables(place: Place) -> None:
    loaded(place, event_identifiers=PEOPLE)
    query = "select md5(string_agg(e::varchar, '|' order by event_id)) from event as e"
    assert place.built(query) == place.built(query)
