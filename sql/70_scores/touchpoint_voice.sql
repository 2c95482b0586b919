-- model: touchpoint_voice
-- layer: scores
-- grain: one row per scored text
-- key: event_id
-- reads: voice_answer, journey_step
-- why: gives each text the touchpoint at which it was written, so that moods of touchpoints compare
-- not_null: person_id, value
select
    voice_answer.event_id,
    voice_answer.person_id,
    voice_answer.segment,
    voice_answer.stage,
    coalesce(nullif(journey_step.touchpoint, ''), '') as touchpoint,
    voice_answer.value
from voice_answer
-- at most one step per event
left join journey_step
    on voice_answer.event_id = journey_step.event_id
where voice_answer.kind = 'text'
