-- model: journey
-- layer: journeys
-- grain: one row per journey
-- key: journey_id
-- not_null: person_id, started_at, ending, first_stage, last_stage, is_left_uncertain
-- reads: journey_total, journey_ending
-- why: the journeys of each person in order, and which of them came back from which
with

ordered_journey as (

    select
        journey_total.journey_id,
        journey_total.person_id,
        journey_total.deal_id,
        journey_total.started_at,
        journey_total.last_event_at,
        journey_total.event_count,
        journey_total.first_stage,
        journey_total.last_stage,
        journey_total.furthest_stage,
        journey_ending.ended_at,
        journey_ending.ending,
        journey_ending.is_left_uncertain,
        row_number() over (
            partition by journey_total.person_id
            order by journey_total.started_at, journey_total.last_event_at, journey_total.journey_id
        ) as journey_no,
        lag(journey_total.journey_id) over (
            partition by journey_total.person_id
            order by journey_total.started_at, journey_total.last_event_at, journey_total.journey_id
        ) as prior_journey_id,
        lag(journey_ending.ending) over (
            partition by journey_total.person_id
            order by journey_total.started_at, journey_total.last_event_at, journey_total.journey_id
        ) as prior_ending
    from journey_total
    -- one to one
    inner join journey_ending on journey_total.journey_id = journey_ending.journey_id

)

select
    journey_id,
    person_id,
    journey_no,
    deal_id,
    started_at,
    last_event_at,
    ended_at,
    ending,
    event_count,
    first_stage,
    last_stage,
    furthest_stage,
    is_left_uncertain,
    -- silence before observation began was not heard, so nobody came back from it
    case
        when deal_id is not null then null
        when prior_ending = 'lost' then prior_journey_id
        when prior_ending = 'silent' and not is_left_uncertain then prior_journey_id
    end as reactivated_from
from ordered_journey
