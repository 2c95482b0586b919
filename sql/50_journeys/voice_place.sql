-- model: voice_place
-- layer: journeys
-- grain: one row per text or answer of a customer, or invitation to answer
-- key: event_id
-- not_null: person_id, occurred_at
-- reads: event, event_text, person_event, journey_step, run_setting
-- why: finds the last step before each voice in one walk through the events of a person
with

voice as (

    select
        person_event.event_id,
        person_event.person_id,
        person_event.event_no,
        person_event.occurred_at,
        event.asked_stage,
        event.ts_quality = 'date_only' as is_dated_only
    from person_event
    -- one to one, then at most one
    inner join event on person_event.event_id = event.event_id
    left join event_text on person_event.event_id = event_text.event_id
    cross join run_setting
    where
        person_event.occurred_at <= run_setting.as_of
        and (
            event.event_kind = 'survey_invited'
            or (
                event.actor_type = 'customer'
                and (event_text.event_id is not null or event.score_norm is not null)
            )
        )

),

walk as (

    select
        person_event.event_id,
        person_event.person_id,
        person_event.occurred_at as heard_at,
        person_event.event_no as heard_no,
        0 as is_voice,
        journey_step.journey_id,
        journey_step.stage
    from person_event
    -- one to one
    inner join journey_step on person_event.event_id = journey_step.event_id
    union all
    select
        event_id,
        person_id,
        -- a mere date says nothing of the hour: all that happened that day may have come before
        case when is_dated_only then occurred_at + interval 1 day else occurred_at end as heard_at,
        case when is_dated_only then 0 else event_no end as heard_no,
        1 as is_voice,
        null as journey_id,
        null as stage
    from voice

),

heard_voice as (

    select
        event_id,
        is_voice,
        last_value(journey_id ignore nulls) over (
            partition by person_id
            order by heard_at, heard_no, is_voice
            rows between unbounded preceding and current row
        ) as journey_id,
        last_value(stage ignore nulls) over (
            partition by person_id
            order by heard_at, heard_no, is_voice
            rows between unbounded preceding and current row
        ) as stage
    from walk

)

select
    voice.event_id,
    voice.person_id,
    voice.occurred_at,
    voice.asked_stage,
    heard_voice.journey_id,
    heard_voice.stage
from voice
-- one to one
inner join heard_voice on voice.event_id = heard_voice.event_id
where heard_voice.is_voice = 1
