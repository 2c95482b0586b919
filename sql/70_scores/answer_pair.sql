-- model: answer_pair
-- layer: scores
-- grain: one row per text and survey answer of one customer about one stage, at most 14 days apart
-- key: text_event_id, answer_event_id, answer_kind
-- reads: voice_answer, event
-- why: only those who did both can tell how far texts and answers say the same
-- not_null: person_id, text_value, answer_value, is_one_telling
select
    said.person_id,
    said.segment,
    said.stage,
    said.event_id as text_event_id,
    answered.event_id as answer_event_id,
    answered.kind as answer_kind,
    said.value as text_value,
    answered.value as answer_value,
    -- a comment beside its own score (or on the same sheet) is no second telling
    said_event.source = answered_event.source and said_event.occurred_at = answered_event.occurred_at as is_one_telling
from voice_answer as said
inner join voice_answer as answered
    on
        said.person_id = answered.person_id
        and said.stage = answered.stage
        and said.segment = answered.segment
-- one to one, each
inner join event as said_event
    on said.event_id = said_event.event_id
inner join event as answered_event
    on answered.event_id = answered_event.event_id
where
    said.kind = 'text'
    and answered.kind <> 'text'
    and abs(date_diff(
        'second', date_trunc('second', said.occurred_at), date_trunc('second', answered.occurred_at)
    )) <= 1209600
