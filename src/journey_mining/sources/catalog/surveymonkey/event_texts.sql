-- model: event_texts
-- layer: events
-- grain: one row per commented response
-- key: stream, natural_key
-- reads: stg_surveymonkey__responses
-- why: a comment belongs to one event only, the recommendation if there is one, so that it is not counted twice
select
    'responses' as stream,
    case
        when nps_0_10 is not null then concat('nps:', respondent_id)
        when csat_1_5 is not null then concat('csat:', respondent_id)
        else concat('words:', respondent_id)
    end as natural_key,
    comment as text
from stg_surveymonkey__responses
where comment is not null
