-- model: event_objects
-- layer: events
-- grain: one row per call, and per call and session
-- key: stream, natural_key, object_type, object_id
-- reads: stg_calltouch__calls
-- why: binds a call to the visit it was made from
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'call' as object_type,
    call_id as object_id,
    'subject' as qualifier
from stg_calltouch__calls
union all
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'session' as object_type,
    session_id as object_id,
    'origin' as qualifier
from stg_calltouch__calls
where session_id is not null
