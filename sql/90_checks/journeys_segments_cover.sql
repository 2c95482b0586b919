-- model: journeys_segments_cover
-- layer: checks
-- grain: one row per journey that is in no segment, and per member that is no journey
-- key: journey_id
-- reads: journey, journey_segment, segment
-- why: segments divide the journeys without rest, so that their counts add up to the total
-- severity: error
select coalesce(journey.journey_id, journey_segment.journey_id) as journey_id
from journey
full outer join journey_segment on journey.journey_id = journey_segment.journey_id
left join segment on journey_segment.segment = segment.segment
where journey.journey_id is null or segment.segment is null
