-- model: event_objects
-- layer: events
-- grain: one row per event
-- key: stream, natural_key, object_type, object_id
-- reads: int_omnidesk__told
-- why: binds the events of one case
select
    stream,
    natural_key,
    'ticket' as object_type,
    case_id as object_id,
    'subject' as qualifier
from int_omnidesk__told
