-- model: voice_answer
-- layer: scores
-- grain: one row per scored text or survey answer
-- key: event_id, kind
-- reads: voice_event, sentiment, event, segment_member, answer_direction
-- why: everything customers told us on one scale from -1 to 1, good above, with its stage; kinds are never mixed
-- not_null: person_id, value, occurred_at, vote_no
with

told as (

    select
        voice_event.event_id,
        voice_event.person_id,
        voice_event.journey_id,
        voice_event.stage,
        voice_event.occurred_at,
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
        voice_event.occurred_at,
        event.event_kind as kind,
        answer_direction.sign * (event.score_norm * 2 - 1) as value
    from voice_event
    inner join event
        on voice_event.event_id = event.event_id
    -- many to one: which end of the scale is good
    inner join answer_direction
        on event.source = answer_direction.source
        and event.event_kind = answer_direction.kind
    where event.score_norm is not null

)

select
    told.event_id,
    told.person_id,
    told.journey_id,
    -- outside of any journey, or of a segment too small to be in any picture: counted for the whole only
    coalesce(segment_member.segment, '') as segment,
    case when segment_member.segment is null then '' else coalesce(told.stage, '') end as stage,
    told.kind,
    cast(told.value as double) as value,
    told.occurred_at,
    -- what somebody says of a stage within 30 days is one vote; texts and answers vote apart
    cast(floor(date_diff(
        'second',
        date_trunc('second', min(told.occurred_at) over (
            partition by told.person_id, told.stage, told.kind = 'text'
        )),
        date_trunc('second', told.occurred_at)
    ) / 2592000.0) as bigint) as vote_no
from told
-- at most one segment per journey
left join segment_member
    on told.journey_id = segment_member.journey_id
