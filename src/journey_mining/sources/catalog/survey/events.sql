-- model: events
-- layer: events
-- grain: one row per question answered with a number, per answer in words only, and per invitation
-- key: stream, natural_key
-- reads: stg_survey__answers, stg_survey__invitations
-- why: scales differ, so each answer is kept as given and as a share of its scale
with

answer as (

    select
        concat('nps:', _row_key) as natural_key,
        'nps' as event_kind,
        'Опрос NPS' as activity_raw,
        concat(cast(nps as varchar), '/10') as score_raw,
        nps / 10.0 as score_norm,
        _row_key
    from stg_survey__answers
    where nps is not null
    union all
    select
        concat('nps5:', _row_key) as natural_key,
        'nps' as event_kind,
        'Опрос NPS' as activity_raw,
        concat(cast(nps_1_5 as varchar), '/5') as score_raw,
        (nps_1_5 - 1) / 4.0 as score_norm,
        _row_key
    from stg_survey__answers
    where nps_1_5 is not null
    union all
    select
        concat('csat:', _row_key) as natural_key,
        'csat' as event_kind,
        'Опрос CSAT' as activity_raw,
        concat(cast(csat as varchar), '/5') as score_raw,
        (csat - 1) / 4.0 as score_norm,
        _row_key
    from stg_survey__answers
    where csat is not null
    union all
    select
        concat('csat10:', _row_key) as natural_key,
        'csat' as event_kind,
        'Опрос CSAT' as activity_raw,
        concat(cast(csat_1_10 as varchar), '/10') as score_raw,
        (csat_1_10 - 1) / 9.0 as score_norm,
        _row_key
    from stg_survey__answers
    where csat_1_10 is not null
    union all
    select
        concat('ces:', _row_key) as natural_key,
        'ces' as event_kind,
        'Опрос CES' as activity_raw,
        concat(cast(ces_1_7 as varchar), '/7') as score_raw,
        (ces_1_7 - 1) / 6.0 as score_norm,
        _row_key
    from stg_survey__answers
    where ces_1_7 is not null
    union all
    select
        concat('words:', _row_key) as natural_key,
        'review' as event_kind,
        'Опрос' as activity_raw,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        _row_key
    from stg_survey__answers
    where coalesce(nps, nps_1_5, csat, csat_1_10, ces_1_7) is null
        and comment is not null

)

select
    'answers' as stream,
    answer.natural_key,
    answer.event_kind,
    answer.activity_raw,
    -- a form tells the moment, a sheet often the day only
    case
        when told.answered_text like '%:%' and told.answered_at is not null then told.answered_at
        else cast(told.answered_on as timestamp)
    end as occurred_at,
    case
        when told.answered_text like '%:%' and told.answered_at is not null then 'exact'
        else 'date_only'
    end as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    answer.score_raw,
    answer.score_norm,
    told.asked_stage,
    told._file_id as file_id,
    told._line as line
from answer
-- many to one: a line of the form answers several questions
inner join stg_survey__answers as told on answer._row_key = told._row_key
union all
select
    'invitations' as stream,
    concat('invited:', _row_key) as natural_key,
    'survey_invited' as event_kind,
    'Приглашение в опрос' as activity_raw,
    case
        when invited_text like '%:%' and invited_at is not null then invited_at
        else cast(invited_on as timestamp)
    end as occurred_at,
    case
        when invited_text like '%:%' and invited_at is not null then 'exact'
        else 'date_only'
    end as ts_quality,
    'system' as actor_type,
    'survey' as channel,
    'out' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_survey__invitations
