from __future__ import annotations

import pytest

from journey_mining.errors import SpecError
from journey_mining.sources import catalog_dir, check_specs, list_sources, load_sources
from journey_mining.sources.sandbox import checked_model
from source_place import SHOP, SHOP_EVENTS, Place


def fault_of(place: Place, spec: str) -> str:
    place.shop(spec=spec)
    with pytest.raises(SpecError) as raised:
        load_sources(place.project.sources)
    return str(raised.value)


def test_an_unknown_key_is_named_with_the_nearest_known_one(place: Place) -> None:
    assert "unknown key 'source.timezon'. Did you mean 'timezone'?" in fault_of(
        place, SHOP.replace("timezone", "timezon")
    )


def test_a_key_column_must_exist(place: Place) -> None:
    assert "no column 'order_i'. Did you mean 'order_id'?" in fault_of(
        place, SHOP.replace('["order_id"]', '["order_i"]')
    )


def test_a_time_zone_must_exist(place: Place) -> None:
    assert "is no IANA time zone" in fault_of(place, SHOP.replace("Europe/Moscow", "Moscow"))


def test_a_source_needs_events(place: Place) -> None:
    place.spec("shop", SHOP)
    with pytest.raises(SpecError, match=r"has no events\.sql"):
        load_sources(place.project.sources)


def test_two_folders_may_not_share_an_id(place: Place) -> None:
    place.shop().spec("other", SHOP, events=SHOP_EVENTS)
    with pytest.raises(SpecError, match="both call themselves 'shop'"):
        load_sources(place.project.sources)


def test_titles_do_not_make_files_load_again(place: Place) -> None:
    before = load_sources(place.shop().project.sources)[0]
    after = load_sources(place.shop(spec=SHOP.replace("Магазин", "Лавка")).project.sources)[0]
    assert before.spec_hash(before.streams[0]) == after.spec_hash(after.streams[0])


def test_every_source_of_the_catalogue_is_sound(place: Place) -> None:
    place.use("bitrix24", "metrica", "zendesk", "survey", fixtures=False)
    assert check_specs(place.project) == []
    assert [source.id for source in list_sources(place.project)] == ["bitrix24", "metrica", "survey", "zendesk"]


def test_the_check_gathers_every_fault(place: Place) -> None:
    place.shop(events=SHOP_EVENTS.replace("from stg_shop__orders", "from stg_shop__order"))
    place.spec("other", "spec_version = 2")
    assert [problem.where for problem in check_specs(place.project)] == ["other", "shop"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("select a from read_csv('/etc/passwd')", "reads"),
        ("select a from '/etc/passwd'", "reads"),
        ("select a from stg_bitrix24__deals", "reads stg_bitrix24__deals"),
        ("select a from raw.main.stg_shop__orders", "reads raw.main.stg_shop__orders"),
        ("select a from stg_shop__orders; select 1 as b", "holds 2 statements"),
        ("attach 'x.db' as y", "holds 1 statements"),
        ("copy stg_shop__orders to 'x.csv'", "holds 1 statements"),
        ("insert into stg_shop__orders select 1 as a", "holds 1 statements"),
        ("select getenv('HOME') as a from stg_shop__orders", "calls getenv"),
        ("select * from stg_shop__orders", "selects *"),
        ("select a from", "cannot be parsed"),
        ("select error(email) as a from stg_shop__orders", "calls error"),
        ("select a from stg_shop__orders, lateral json_execute_serialized_sql('{}')", "calls json_execute"),
        ("select random() as a from stg_shop__orders", "calls rand"),
        ("select gen_random_uuid() as a from stg_shop__orders", "calls uuid"),
        ("select now() as a from stg_shop__orders", "calls now"),
        ("select current_date as a from stg_shop__orders", "calls current_date"),
        ("select today() as a from stg_shop__orders", "calls current_date"),
        ("select get_current_time() as a from stg_shop__orders", "calls current_time"),
        ("select localtimestamp as a from stg_shop__orders", "calls localtimestamp"),
        ("select age(made_at) as a from stg_shop__orders", "calls age of one time"),
        ("select a from stg_shop__orders using sample 5", "calls a sample"),
        ("select a from (with x as (select 1 as a) select a from x) as y, x", "reads x"),
        (
            "with x as (with file_ledger as (select 1 as a) select a from file_ledger) select a from file_ledger",
            "reads f",
        ),
        ("with quarantine as (select raw from quarantine) select raw from quarantine", "reads quarantine"),
        ("with y as (select a from x), x as (select 1 as a) select a from y", "reads x"),
        ("with recursive x as (select 1 as a) select a from x", "uses with recursive"),
        ("with stg_zendesk__users as (select 1 as a) select a from stg_zendesk__users", "a part of its own stg_z"),
    ],
)
def test_sql_that_reaches_out_is_refused(place: Place, body: str, words: str) -> None:
    header = SHOP_EVENTS[: SHOP_EVENTS.index("select")]
    place.shop(events=header + body)
    with pytest.raises(SpecError, match=words.replace("*", r"\*")):
        checked_model(load_sources(place.project.sources)[0], "events")


def test_the_header_must_tell_what_is_read(place: Place) -> None:
    place.shop(events=SHOP_EVENTS.replace("-- reads: stg_shop__orders", "-- reads: none"))
    with pytest.raises(SpecError, match="says that it reads"):
        checked_model(load_sources(place.project.sources)[0], "events")


def test_the_whole_catalogue_fits_in_one_project() -> None:
    assert {source.id for source in load_sources(catalog_dir())} >= {"bitrix24", "metrica", "survey", "zendesk"}


def test_the_check_runs_the_sql_over_empty_tables(place: Place) -> None:
    place.shop(events=SHOP_EVENTS.replace("made_at as", "mad_at as"))
    (problem,) = check_specs(place.project)
    assert "mad_at" in problem.text


def test_the_check_knows_the_columns_that_events_have(place: Place) -> None:
    place.shop(events=SHOP_EVENTS.replace("as channel", "as chanel"))
    (problem,) = check_specs(place.project)
    assert "Did you mean 'channel'?" in problem.text


def test_parts_of_a_select_are_seen_where_they_reach(place: Place) -> None:
    body = """with a as (select order_id from stg_shop__orders), b as (select order_id from a)
    select order_id from (select order_id from b union all select order_id from a) as c"""
    place.shop(events=SHOP_EVENTS[: SHOP_EVENTS.index("select")] + body)
    assert checked_model(load_sources(place.project.sources)[0], "events").reads == ("stg_shop__orders",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("(\\d{4}-\\d{2}-\\d{2})", "(\\d{4}", "no regular expression"),
        ("snapshot_at = {", "snapshot_at = { format = '%Y-%Q',", "no format of a time"),
        ('"cp1251"', '"cp1215"', "'cp1215' is no encoding"),
        ('"cp1251"', '"hex"', "'hex' is no encoding"),
        ('path = "$.body.text"', 'path = "$.body.text", replace = [["(a", "b"]]', "no regular expression"),
        ('path = "$.body.text"', "path = '$.body.text', replace = [['a', '\\2']]", "cannot replace 'a'"),
        ('path = "$.body.text"', 'path = "$.body.text", type = "text_list", split = "["', "no regular expression"),
    ],
)
def test_the_check_finds_what_only_a_file_would_have_met(place: Place, old: str, new: str, words: str) -> None:
    assert old in SHOP
    place.shop(spec=SHOP.replace(old, new))
    assert [words in problem.text for problem in check_specs(place.project)] == [True]


def test_the_check_finds_sql_that_needs_an_optional_cell(place: Place) -> None:
    place.shop(events=SHOP_EVENTS.replace("made_at as", "changed_at as"))
    (problem,) = check_specs(place.project)
    assert "rows without occurred_at" in problem.text
