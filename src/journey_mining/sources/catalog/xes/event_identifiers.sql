-- model: event_identifiers
-- layer: events
-- grain: one row per event
-- key: stream, natural_key, kind, value
-- reads: int_xes__completed, stg_xes__events
-- why: the customer says whose event it is, and the case where the log names no customers
select
    'events' as stream,
    concat('xes:', happened._row_key) as natural_key,
    -- ADAPT: what a case or customer is. 'xes_case': somebody whom no other source knows. 'user_id', 'crm_id',
    -- 'external_id', 'email', 'phone': called by what other sources call the person by, and joined to them
    'xes_case' as kind,
    coalesce(happened.customer_id, happened.case_id) as value
from stg_xes__events as happened
-- many to at most one
left join int_xes__completed as completed
    on happened.case_id = completed.case_id
    and happened.activity = completed.activity
where coalesce(lower(happened.lifecycle), 'complete') = 'complete' or completed.case_id is null
