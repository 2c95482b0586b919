-- model: event_texts
-- layer: events
-- grain: one row per commented answer
-- key: stream, natural_key
-- reads: stg_survey__answers
-- why: a comment belongs to one event only, the recommendation if there is one, so that it is not counted twice
select
    'answers' as stream,
    case
        when nps is not null then concat('nps:', _row_key)
        when nps_1_5 is not null then concat('nps5:', _row_key)
        when csat is not null then concat('csat:', _row_key)
        when csat_1_10 is not null then concat('csat10:', _row_key)
        when ces_1_7 is not null then concat('ces:', _row_key)
        else concat('words:', _row_key)
    end as natural_key,
    comment as text
from stg_survey__answers
where comment is not null
