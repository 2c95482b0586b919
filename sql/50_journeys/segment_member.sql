-- model: segment_member
-- layer: journeys
-- grain: one row per journey of a segment that is large enough to be shown
-- key: journey_id
-- not_null: segment
-- reads: journey_segment, journey, run_setting
-- why: a segment under k customers is left out of every picture and of everybody, so that no one can subtract it
with

segment_size as (

    select
        journey_segment.segment,
        count(distinct journey.person_id) as customer_count
    from journey_segment
    -- one to one
    inner join journey on journey_segment.journey_id = journey.journey_id
    group by journey_segment.segment

)

select
    journey_segment.journey_id,
    journey_segment.segment
from journey_segment
-- many to one
inner join segment_size on journey_segment.segment = segment_size.segment
cross join run_setting
where segment_size.customer_count >= run_setting.small_cell
