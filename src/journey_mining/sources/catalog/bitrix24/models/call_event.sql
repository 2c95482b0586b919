-- model: call_event
-- layer: events
-- grain: one row per call, and per mark given to one
-- key: natural_key
-- reads: stg_bitrix24__calls
-- why: says once which calls and marks are events
select concat('call:', call_id) as natural_key, call_id
from stg_bitrix24__calls
union all
select concat('call:', call_id, ':vote') as natural_key, call_id
from stg_bitrix24__calls
where vote >= 1
