-- model: first_touch
-- layer: change
-- grain: one row per segment and customer: the first step of the first journey in it
-- key: segment, person_id
-- reads: segment_customer, journey_step, person_event
-- why: what was known when a customer came, before anything could become of it
-- not_null: first_channel, first_source, first_touchpoint
select
    segment_customer.segment,
    segment_customer.person_id,
    coalesce(journey_step.channel, '') as first_channel,
    coalesce(person_event.source, '') as first_source,
    coalesce(journey_step.touchpoint, '') as first_touchpoint
from segment_customer
-- one first step per journey, one event per step
inner join journey_step
    on segment_customer.first_journey_id = journey_step.journey_id
inner join person_event
    on journey_step.event_id = person_event.event_id
where journey_step.step_no = 1
