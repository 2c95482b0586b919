-- model: event_objects
-- layer: events
-- grain: one row per event and visit or order
-- key: stream, natural_key, object_type, object_id
-- reads: stg_ga4__events, stg_ga4__events_parquet, stg_ga4__intraday, stg_ga4__intraday_parquet
-- why: a visit is a cookie and ga_session_id together: the number alone is a time in seconds, which many share
with

told as (

    select
        _row_key,
        event_on,
        pseudo_id,
        session_id,
        order_id,
        1 as rank_no
    from stg_ga4__events
    union all
    select
        _row_key,
        event_on,
        pseudo_id,
        session_id,
        order_id,
        2 as rank_no
    from stg_ga4__events_parquet
    union all
    select
        _row_key,
        event_on,
        pseudo_id,
        session_id,
        order_id,
        3 as rank_no
    from stg_ga4__intraday
    union all
    select
        _row_key,
        event_on,
        pseudo_id,
        session_id,
        order_id,
        4 as rank_no
    from stg_ga4__intraday_parquet

),

day_rank as (

    -- the complete table of a day wins over that of the running day
    select
        event_on,
        min(rank_no) as rank_no
    from told
    group by event_on

),

picked as (

    select
        told._row_key,
        told.pseudo_id,
        told.session_id,
        told.order_id
    from told
    -- many to one
    inner join day_rank on told.event_on = day_rank.event_on and told.rank_no = day_rank.rank_no

)

select
    'events' as stream,
    _row_key as natural_key,
    'visit' as object_type,
    md5(concat(pseudo_id, '.', session_id)) as object_id,
    'part_of' as qualifier
from picked
where pseudo_id is not null and session_id is not null
union all
select
    'events' as stream,
    _row_key as natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from picked
where order_id is not null
