"""Models of a source: what several of its SQL files need, said once and made once."""

from __future__ import annotations

import pytest

from journey_mining.errors import SpecError
from journey_mining.privacy import pseudonym
from journey_mining.sources import check_specs, load_sources
from journey_mining.sources.sandbox import checked_models
from source_place import HEADINGS, KEY, SHOP, SHOP_EVENTS, Place, order

HEADER = """-- model: {name}
-- layer: events
-- grain: one row per {grain}
-- key: order_id
-- reads: {reads}
-- why: a test needs it
"""
PAID = (
    HEADER.format(name="paid", grain="order that cost something", reads="stg_shop__orders")
    + "select order_id, made_at, email, cast(amount as double) as amount from stg_shop__orders where amount > 0\n"
)
DEAR = (
    HEADER.format(name="dear", grain="order of a thousand or more", reads="int_shop__paid")
    + "select order_id, email from int_shop__paid where amount >= 1000\n"
)
EVENTS = SHOP_EVENTS.replace("stg_shop__orders", "int_shop__paid").replace("cast(amount as double) as", "")
PEOPLE = """-- model: event_identifiers
-- layer: events
-- grain: one row per dear order
-- key: stream, natural_key, kind, value
-- reads: int_shop__dear
-- why: who ordered for much
select 'orders' as stream, order_id as natural_key, 'email' as kind, email as value
from int_shop__dear
"""


@pytest.fixture
def selling(place: Place) -> Place:
    """A shop whose events are the paid orders, and whose people are known by the dear ones."""
    place.spec("shop", SHOP, events=EVENTS, event_identifiers=PEOPLE)
    (place.root / "sources/shop/models").mkdir()
    write(place, "paid", PAID)
    write(place, "dear", DEAR)
    return place


def write(place: Place, name: str, text: str) -> None:
    (place.root / f"sources/shop/models/{name}.sql").write_text(text, encoding="utf-8")


def loaded(place: Place) -> Place:
    place.put("shop/orders.csv", HEADINGS + order(1) + order(2, amount="0") + order(3, amount="1000"))
    place.load()
    return place


def fault_of(place: Place) -> str:
    """What `journey source check` says, which is also what stops a run."""
    (problem,) = check_specs(place.project)
    with pytest.raises(SpecError) as raised:
        loaded(place).build()
    assert (problem.code, problem.text) == ("SOURCE_SPEC", str(raised.value))
    return problem.text


def test_events_and_identifiers_read_models(selling: Place) -> None:
    assert check_specs(selling.project) == []
    assert loaded(selling).built(
        "select natural_key, amount, value from event left join event_identifier using (event_id) order by 1"
    ) == [("1", 100.0, None), ("3", 1000.0, pseudonym("email", "u3@mail.example", KEY))]


def test_models_are_not_published(selling: Place) -> None:
    assert loaded(selling).built("select table_name from information_schema.tables where table_name like 'int_%'") == []
    assert b"mail.example" not in (selling.root / "warehouse/building.duckdb").read_bytes()


def test_a_model_stands_after_those_that_it_reads(selling: Place) -> None:
    (source,) = load_sources(selling.project.sources)
    assert [(table, model.reads) for table, model in checked_models(source).items()] == [
        ("int_shop__paid", ("stg_shop__orders",)),
        ("int_shop__dear", ("int_shop__paid",)),
    ]


def test_a_check_reads_models_and_belongs_to_the_stream_beside_them(selling: Place) -> None:
    checks = selling.root / "sources/shop/checks"
    checks.mkdir()
    (checks / "unpaid.sql").write_text(
        HEADER.format(name="unpaid", grain="order that cost nothing", reads="int_shop__paid, stg_shop__orders")
        + "select o.order_id from stg_shop__orders as o "
        "left join int_shop__paid as p on o.order_id = p.order_id where p.order_id is null\n",
        encoding="utf-8",
    )
    assert loaded(selling).built("select stream, code, row_count from load_problem") == [("orders", "CHECK_unpaid", 1)]


def test_a_circle_of_models_is_told(selling: Place) -> None:
    write(selling, "paid", PAID.replace("stg_shop__orders", "int_shop__dear"))
    assert fault_of(selling) == (
        "Models of shop/models read each other in a circle: ['int_shop__dear', 'int_shop__paid']. "
        "Expected: reads that form no circle. To do: Break the circle; move a select into a model of its own."
    )


def test_a_model_that_reads_itself_is_a_circle(selling: Place) -> None:
    write(selling, "dear", DEAR.replace("int_shop__paid", "int_shop__dear"))
    assert "shop/models read each other in a circle: ['int_shop__dear']" in fault_of(selling)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("stg_shop__orders", "stg_bitrix24__deals", "shop/models/paid.sql reads stg_bitrix24__deals."),
        ("stg_shop__orders", "int_bitrix24__card", "shop/models/paid.sql reads int_bitrix24__card."),
        ("from stg_shop__orders", "from raw.main.stg_shop__orders", "models/paid.sql reads raw.main.stg_shop__orders."),
        ("from stg_shop__orders", "from read_csv('/etc/passwd')", "shop/models/paid.sql reads"),
        ("from stg_shop__orders", "from stg_shop__orders_", "Did you mean 'stg_shop__orders'?"),
        ("-- reads: stg_shop__orders", "-- reads: none", "The header of shop/models/paid.sql says that it reads []"),
        ("-- model: paid", "-- model: cheap", "The header of paid.sql lacks [], has unknown [], or names another"),
        ("-- key: order_id\n", "", "The header of paid.sql lacks ['key']"),
        ("amount > 0", "price > 0", "shop/models/paid.sql failed: Binder Error"),
        ("made_at,", "now() as made_at,", "shop/models/paid.sql calls now"),
        ("select", "with int_shop__dear as (select 1 as a) select", "calls a part of its own int_shop__dear"),
    ],
)
def test_slips_in_a_model_are_told(selling: Place, old: str, new: str, words: str) -> None:
    assert old in PAID
    write(selling, "paid", PAID.replace(old, new))
    assert words in fault_of(selling)


def test_a_model_that_is_not_there_is_told_with_those_that_are(selling: Place) -> None:
    selling.spec("shop", SHOP, events=EVENTS.replace("int_shop__paid", "int_shop__payed"))
    assert "events.sql reads int_shop__payed. Did you mean 'int_shop__paid'?" in fault_of(selling)


def test_a_model_of_another_source_is_foreign(selling: Place) -> None:
    other = SHOP.replace('id = "shop"', 'id = "kiosk"').replace("shop/", "kiosk/")
    selling.spec("kiosk", other, events=EVENTS)
    assert "kiosk/events.sql reads int_shop__paid." in fault_of(selling)
