-- model: event_objects
-- layer: events
-- grain: one row per event and visit or order
-- key: stream, natural_key, object_type, object_id
-- reads: stg_posthog__events, stg_posthog__events_parquet
-- why: visits and orders are followed by their own numbers
with

told as (

    select
        event_uuid,
        session_id,
        order_id,
        1 as rank_no
    from stg_posthog__events
    union all
    select
        event_uuid,
        session_id,
        order_id,
        2 as rank_no
    from stg_posthog__events_parquet

),

first_told as (

    -- the same event may lie in files of both formats
    select
        event_uuid,
        min(rank_no) as rank_no
    from told
    group by event_uuid

)

select
    'events' as stream,
    told.event_uuid as natural_key,
    'visit' as object_type,
    md5(told.session_id) as object_id,
    'part_of' as qualifier
from told
-- many to one
inner join first_told on told.event_uuid = first_told.event_uuid and told.rank_no = first_told.rank_no
where told.session_id is not null
union all
select
    'events' as stream,
    told.event_uuid as natural_key,
    'order' as object_type,
    told.order_id as object_id,
    'subject' as qualifier
from told
-- many to one
inner join first_told on told.event_uuid = first_told.event_uuid and told.rank_no = first_told.rank_no
where told.order_id is not null
