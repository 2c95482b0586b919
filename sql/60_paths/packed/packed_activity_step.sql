-- model: packed_activity_step
-- layer: packed_paths
-- grain: one row per run of one touchpoint inside a journey
-- key: journey_id, activity_no
-- reads: packed_run, packed_journey, packed_activity
-- why: gives packed runs their names back; the rows of activity_step, without looking at texts twice
select
    packed_journey.journey_id,
    packed_journey.person_id,
    packed_journey.segment,
    packed_run.activity_no,
    own.activity,
    follower.activity as next_activity,
    packed_run.seconds_to_next,
    packed_journey.ending <> 'open' as is_closed,
    packed_journey.is_left_uncertain,
    packed_journey.ending
from packed_run
inner join packed_journey
    on packed_run.journey_no = packed_journey.journey_no
inner join packed_activity as own
    on packed_run.code = own.code
left join packed_activity as follower
    on packed_run.next_code = follower.code
