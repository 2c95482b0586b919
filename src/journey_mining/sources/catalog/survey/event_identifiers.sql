-- model: event_identifiers
-- layer: events
-- grain: one row per answer or invitation and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_survey__answers, stg_survey__invitations
-- why: what the form asked for, or the link carried, is all that says who answered
with

answer as (

    select
        'answers' as stream,
        concat('nps:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__answers
    where nps is not null
    union all
    select
        'answers' as stream,
        concat('nps5:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__answers
    where nps_1_5 is not null
    union all
    select
        'answers' as stream,
        concat('csat:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__answers
    where csat is not null
    union all
    select
        'answers' as stream,
        concat('csat10:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__answers
    where csat_1_10 is not null
    union all
    select
        'answers' as stream,
        concat('ces:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__answers
    where ces_1_7 is not null
    union all
    select
        'answers' as stream,
        concat('words:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__answers
    where coalesce(nps, nps_1_5, csat, csat_1_10, ces_1_7) is null
        and comment is not null
    union all
    select
        'invitations' as stream,
        concat('invited:', _row_key) as natural_key,
        email,
        phone,
        crm_id
    from stg_survey__invitations

)

select
    stream,
    natural_key,
    'email' as kind,
    email as value
from answer
where email is not null
union all
select
    stream,
    natural_key,
    'phone' as kind,
    phone as value
from answer
where phone is not null
union all
select
    stream,
    natural_key,
    'crm_id' as kind,
    crm_id as value
from answer
where crm_id is not null
