-- model: journey_time
-- layer: scores
-- grain: one row per journey
-- key: journey_id
-- reads: journey, segment_member, journey_step, stage, run_setting
-- why: duration, reach and contacts of a journey, the one input of every number about whole journeys
-- not_null: person_id, segment, ending, time_days, delay_days, followed_days, furthest_no, has_ticket
with

ticket_journey as (

    select distinct journey_id
    from journey_step
    where event_kind = 'ticket_created'

),

timed_journey as (

    select
        journey.journey_id,
        journey.person_id,
        segment_member.segment,
        journey.ending,
        journey.is_left_uncertain,
        journey.event_count,
        journey.furthest_stage,
        date_trunc('second', journey.started_at) as started_second,
        date_trunc(
            'second', least(coalesce(journey.ended_at, run_setting.as_of), run_setting.as_of)
        ) as ended_second,
        date_trunc('second', run_setting.as_of) as as_of_second,
        -- a journey begun before observation is at risk of being seen to end only from then on
        date_trunc(
            'second', greatest(journey.started_at, run_setting.observed_from)
        ) as observed_second
    from journey
    -- one segment per journey
    inner join segment_member
        on journey.journey_id = segment_member.journey_id
    cross join run_setting

)

select
    timed_journey.journey_id,
    timed_journey.person_id,
    timed_journey.segment,
    timed_journey.ending,
    timed_journey.is_left_uncertain,
    timed_journey.event_count,
    date_diff(
        'second', timed_journey.started_second, timed_journey.ended_second
    ) / cast(86400 as double) as time_days,
    date_diff(
        'second', timed_journey.started_second, timed_journey.observed_second
    ) / cast(86400 as double) as delay_days,
    date_diff(
        'second', timed_journey.started_second, timed_journey.as_of_second
    ) / cast(86400 as double) as followed_days,
    coalesce(stage.stage_no, 0) as furthest_no,
    ticket_journey.journey_id is not null as has_ticket
from timed_journey
-- at most one stage and one row of tickets per journey
left join stage
    on timed_journey.furthest_stage = stage.stage
left join ticket_journey
    on timed_journey.journey_id = ticket_journey.journey_id
