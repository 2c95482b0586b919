-- model: event_objects
-- layer: events
-- grain: one row per event and visit or order
-- key: stream, natural_key, object_type, object_id
-- reads: stg_snowplow__events
-- why: visits and orders are followed by their own numbers
select
    'events' as stream,
    event_id as natural_key,
    'visit' as object_type,
    md5(session_id) as object_id,
    'part_of' as qualifier
from stg_snowplow__events
where session_id is not null
union all
select
    'events' as stream,
    event_id as natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from stg_snowplow__events
where order_id is not null
