-- model: event_objects
-- layer: events
-- grain: one row per event
-- key: stream, natural_key, object_type, object_id
-- reads: int_xes__completed, stg_xes__events
-- why: the events of a case belong together; its name may be an address, so that a hash stands for it
select
    'events' as stream,
    concat('xes:', happened._row_key) as natural_key,
    'case' as object_type,
    md5(happened.case_id) as object_id,
    'of' as qualifier
from stg_xes__events as happened
-- many to at most one
left join int_xes__completed as completed
    on happened.case_id = completed.case_id
    and happened.activity = completed.activity
where coalesce(lower(happened.lifecycle), 'complete') = 'complete' or completed.case_id is null
