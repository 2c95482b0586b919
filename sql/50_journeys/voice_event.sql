-- model: voice_event
-- layer: journeys
-- grain: one row per text or answer of a customer, or invitation to answer
-- key: event_id
-- not_null: person_id, occurred_at
-- reads: voice_place, journey, stage
-- why: a voice speaks of the stage it was asked about, else of the stage its customer is in
with

asked_stage as (

    select
        voice_place.event_id,
        min(stage.stage_no) as stage_no
    from voice_place
    inner join stage
        on
            replace(lower(trim(voice_place.asked_stage)), 'ё', 'е') in (
                lower(stage.stage), replace(lower(stage.name_ru), 'ё', 'е'), lower(stage.name_en)
            )
    group by voice_place.event_id

)

select
    voice_place.event_id,
    voice_place.person_id,
    case
        when
            asked_stage.stage_no is not null
            or journey.ended_at is null
            or voice_place.occurred_at <= journey.ended_at
            then journey.journey_id
    end as journey_id,
    case
        when asked_stage.stage_no is not null then stage.stage
        when journey.ended_at is null or voice_place.occurred_at <= journey.ended_at
            then voice_place.stage
    end as stage,
    voice_place.occurred_at
from voice_place
-- one to one at most, each
left join journey on voice_place.journey_id = journey.journey_id
left join asked_stage on voice_place.event_id = asked_stage.event_id
left join stage on asked_stage.stage_no = stage.stage_no
