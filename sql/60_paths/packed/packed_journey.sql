-- model: packed_journey
-- layer: packed_paths
-- grain: one row per journey
-- key: journey_no
-- reads: journey, segment_member
-- why: numbers journeys and persons, those of a person side by side, so that steps can be packed and read in parts
select
    cast(
        row_number() over (order by journey.person_id, journey.journey_id) - 1 as integer
    ) as journey_no,
    cast(dense_rank() over (order by journey.person_id) - 1 as integer) as person_no,
    journey.journey_id,
    journey.person_id,
    segment_member.segment,
    journey.ending,
    journey.is_left_uncertain
from journey
-- one segment per journey
inner join segment_member
    on journey.journey_id = segment_member.journey_id
