-- model: event_objects
-- layer: events
-- grain: one row per order
-- key: stream, natural_key, object_type, object_id
-- reads: stg_metrica__visits
-- why: orders are followed by their own numbers
with

digit as (

    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit

),

place as (

    -- numbers of items, 1 to 1000; lists are coalesced below, because DuckDB 2.0 fails on
    -- split_part(...) = 'x' where all of the column is null
    select hundreds.digit * 100 + tens.digit * 10 + ones.digit + 1 as place_no
    from digit as ones
    -- many to many: every number once
    cross join digit as tens
    cross join digit as hundreds

),

ordered as (

    select distinct
        concat('visit:', counter_id, ':', visit_year, ':', visit_id) as visit_key,
        split_part(coalesce(order_ids, ''), ',', place.place_no) as order_id
    from stg_metrica__visits
    -- one to many
    inner join place on place.place_no <= length(order_ids) - length(replace(order_ids, ',', '')) + 1
    where split_part(coalesce(order_ids, ''), ',', place.place_no) <> ''

)

select
    'visits' as stream,
    concat(visit_key, ':order:', md5(order_id)) as natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from ordered
