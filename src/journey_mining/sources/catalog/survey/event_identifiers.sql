-- model: event_identifiers
-- layer: events
-- grain: one row per answer and address
-- key: stream, natural_key, kind, value
-- reads: stg_survey__answers
-- why: the address that the form asked for is all that says who answered
select
    'answers' as stream,
    concat('nps:', _row_key) as natural_key,
    'email' as kind,
    email as value
from stg_survey__answers
where nps is not null and email is not null
union all
select
    'answers' as stream,
    concat('csat:', _row_key) as natural_key,
    'email' as kind,
    email as value
from stg_survey__answers
where csat is not null and email is not null
union all
select
    'answers' as stream,
    concat('words:', _row_key) as natural_key,
    'email' as kind,
    email as value
from stg_survey__answers
where nps is null and csat is null and comment is not null and email is not null
