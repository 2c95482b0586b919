-- model: quotable_text
-- layer: scores
-- grain: one row per segment (also all) and text about a stage
-- key: segment, event_id
-- reads: voice_event, event_text, sentiment, event, segment_member
-- why: texts with their score and place, once for the segment of their journey and once for everybody
-- not_null: stage, person_id, text
with

written as (

    select
        voice_event.event_id,
        voice_event.person_id,
        voice_event.stage,
        voice_event.occurred_at,
        segment_member.segment as own_segment,
        event_text.text,
        event_text.language,
        event.source,
        sentiment.score
    from voice_event
    -- one text, score, event and segment each
    inner join event_text
        on voice_event.event_id = event_text.event_id
    inner join sentiment
        on voice_event.event_id = sentiment.event_id
    inner join event
        on voice_event.event_id = event.event_id
    inner join segment_member
        on voice_event.journey_id = segment_member.journey_id
    where nullif(voice_event.stage, '') is not null

)

select
    own_segment as segment,
    stage,
    event_id,
    person_id,
    occurred_at,
    text,
    language,
    source,
    score
from written
union all
select
    'all' as segment,
    stage,
    event_id,
    person_id,
    occurred_at,
    text,
    language,
    source,
    score
from written
