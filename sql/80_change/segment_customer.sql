-- model: segment_customer
-- layer: change
-- grain: one row per segment and customer with a journey in it
-- key: segment, person_id
-- reads: journey, segment_member, run_setting
-- why: the people whom facts of a segment are about, with the one journey that their first touch is taken from
-- not_null: first_journey_id, journey_count, tenure_days
select
    segment_member.segment,
    journey.person_id,
    arg_min(journey.journey_id, journey.journey_no) as first_journey_id,
    count(*) as journey_count,
    max(date_diff('second', journey.started_at, run_setting.as_of))
    / cast(86400 as double) as tenure_days
from journey
-- one segment per journey
inner join segment_member
    on journey.journey_id = segment_member.journey_id
cross join run_setting
group by segment_member.segment, journey.person_id
