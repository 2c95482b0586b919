-- model: voice_answer
-- layer: scores
-- grain: one row per scored text or survey answer
-- key: event_id, kind
-- reads: voice_event, sentiment, event, segment_member
-- why: everything customers told us on one scale from -1 to 1, with the stage it is about; kinds are never mixed
-- not_null: person_id, value
with

told as (

    select
        voice_event.event_id,
        voice_event.person_id,
        voice_event.journey_id,
        voice_event.stage,
        'text' as kind,
        sentiment.score as value
    from voice_event
    inner join sentiment
        on voice_event.event_id = sentiment.event_id
    where sentiment.score is not null
    union all
    select
        voice_event.event_id,
        voice_event.person_id,
        voice_event.journey_id,
        voice_event.stage,
        event.event_kind as kind,
        event.score_norm * 2 - 1 as value
    from voice_event
    inner join event
        on voice_event.event_id = event.event_id
    where event.event_kind in ('nps', 'csat', 'ces', 'review', 'call_rating') and event.score_norm is not null

)

select
    told.event_id,
    told.person_id,
    told.journey_id,
    -- outside of any journey or stage: counted for all and for the whole journey only
    coalesce(segment_member.segment, '') as segment,
    coalesce(told.stage, '') as stage,
    told.kind,
    cast(told.value as double) as value
from told
-- at most one segment per journey
left join segment_member
    on told.journey_id = segment_member.journey_id
