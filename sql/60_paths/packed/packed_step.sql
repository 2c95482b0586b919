-- model: packed_step
-- layer: packed_paths
-- grain: one row per step of a journey
-- key: journey_no, step_no
-- reads: journey_step, packed_journey, packed_activity
-- why: the steps as four numbers; everything after it is arithmetic on them
select
    packed_journey.journey_no,
    cast(packed_activity.code as integer) as code,
    journey_step.step_no,
    -- the least number stands for a missing time, so that a column of numbers is all there is
    coalesce(epoch_us(journey_step.occurred_at), -9223372036854775808) as occurred_us
from journey_step
-- one journey and one name per step
inner join packed_journey
    on journey_step.journey_id = packed_journey.journey_id
inner join packed_activity
    on coalesce(nullif(journey_step.touchpoint, ''), 'other') = packed_activity.activity
