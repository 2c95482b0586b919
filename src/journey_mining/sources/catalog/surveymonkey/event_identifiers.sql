-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the respondent
-- key: stream, natural_key, kind, value
-- reads: stg_surveymonkey__responses
-- why: the address invited, or the mark that the company put into the link, says who answered
with

answer as (

    select concat('nps:', respondent_id) as natural_key, email, crm_id
    from stg_surveymonkey__responses
    where nps_0_10 is not null
    union all
    select concat('csat:', respondent_id) as natural_key, email, crm_id
    from stg_surveymonkey__responses
    where csat_1_5 is not null
    union all
    select concat('words:', respondent_id) as natural_key, email, crm_id
    from stg_surveymonkey__responses
    where nps_0_10 is null and csat_1_5 is null and comment is not null

)

select
    'responses' as stream,
    natural_key,
    'email' as kind,
    email as value
from answer
where email is not null
union all
select
    'responses' as stream,
    natural_key,
    'crm_id' as kind,
    crm_id as value
from answer
where crm_id is not null
