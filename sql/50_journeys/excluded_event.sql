-- model: excluded_event
-- layer: journeys
-- grain: one row per event that is kept in `event` but absent from journeys
-- key: event_id
-- not_null: exclude, reason
-- reads: flagged_event, duplicate_event
-- why: nothing is dropped silently; this table is what the data page counts
select
    event_id,
    exclude,
    reason
from flagged_event
union all
select
    event_id,
    'duplicate' as exclude,
    'told by another source within five minutes' as reason
from duplicate_event
