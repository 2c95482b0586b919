-- model: completed
-- layer: events
-- grain: one row per activity of a case that tells its end
-- key: case_id, activity
-- reads: stg_xes__events
-- why: an activity that tells start and end is one event, at its end; all files leave out the same starts
select
    case_id,
    activity
from stg_xes__events
where lower(lifecycle) = 'complete'
group by
    case_id,
    activity
