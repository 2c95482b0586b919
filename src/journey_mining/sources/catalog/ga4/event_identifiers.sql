-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_ga4__events, stg_ga4__events_parquet, stg_ga4__intraday, stg_ga4__intraday_parquet
-- why: the cookie ties a browser's events; user_id, where the site sends it, ties browsers; without consent there is neither
with

told as (

    select
        _row_key,
        event_on,
        user_id,
        pseudo_id,
        1 as rank_no
    from stg_ga4__events
    union all
    select
        _row_key,
        event_on,
        user_id,
        pseudo_id,
        2 as rank_no
    from stg_ga4__events_parquet
    union all
    select
        _row_key,
        event_on,
        user_id,
        pseudo_id,
        3 as rank_no
    from stg_ga4__intraday
    union all
    select
        _row_key,
        event_on,
        user_id,
        pseudo_id,
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
        told.user_id,
        told.pseudo_id
    from told
    -- many to one
    inner join day_rank on told.event_on = day_rank.event_on and told.rank_no = day_rank.rank_no

)

select
    'events' as stream,
    _row_key as natural_key,
    'ga_client' as kind,
    pseudo_id as value
from picked
where pseudo_id is not null
union all
select
    'events' as stream,
    _row_key as natural_key,
    -- addresses are forbidden here and sent all the same
    case when position('@' in user_id) > 0 then 'email' else 'user_id' end as kind,
    case when position('@' in user_id) > 0 then lower(user_id) else user_id end as value
from picked
where user_id is not null
