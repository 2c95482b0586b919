-- model: journeys_events_add_up
-- layer: checks
-- grain: one row per event of a person that is in no journey and not outside either, or in both
-- key: event_id
-- reads: person_event, journey_step, outside_event
-- why: every event that counts stands in exactly one place
-- severity: error
with

place as (

    select event_id
    from journey_step
    union all
    select event_id
    from outside_event

),

place_count as (

    select
        event_id,
        count(*) as places
    from place
    group by event_id

)

select
    person_event.event_id,
    coalesce(place_count.places, 0) as places
from person_event
-- one to one at most
left join place_count on person_event.event_id = place_count.event_id
where coalesce(place_count.places, 0) <> 1
