-- model: negative_text
-- layer: scores
-- grain: one row per segment (also all) and text about a stage that sounds negative
-- key: segment, event_id
-- reads: quotable_text, sentiment
-- why: the complaints of a stage, of which its topics are told
-- not_null: stage, person_id, text
select
    quotable_text.segment,
    quotable_text.stage,
    quotable_text.event_id,
    quotable_text.person_id,
    quotable_text.occurred_at,
    quotable_text.text,
    quotable_text.language,
    quotable_text.source,
    quotable_text.score
from quotable_text
-- one score per text
inner join sentiment
    on quotable_text.event_id = sentiment.event_id
where sentiment.label = 'negative'
