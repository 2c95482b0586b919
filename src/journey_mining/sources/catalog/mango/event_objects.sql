-- model: event_objects
-- layer: events
-- grain: one row per call
-- key: stream, natural_key, object_type, object_id
-- reads: stg_mango__calls
-- why: the call is what its telephones, and other sources that know it, have in common
select distinct
    'calls' as stream,
    concat('call:', entry_id) as natural_key,
    'call' as object_type,
    entry_id as object_id,
    'subject' as qualifier
from stg_mango__calls
