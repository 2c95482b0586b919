-- model: events
-- layer: events
-- grain: one row per question answered with a number, or per answer in words only
-- key: stream, natural_key
-- reads: stg_surveymonkey__responses
-- why: scales differ, so each answer is kept as given and as a share of its scale
select
    'responses' as stream,
    concat('nps:', respondent_id) as natural_key,
    'nps' as event_kind,
    'Опрос NPS' as activity_raw,
    coalesce(changed_at, started_at) as occurred_at,
    'exact' as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    concat(cast(nps_0_10 as varchar), '/10') as score_raw,
    nps_0_10 / 10.0 as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_surveymonkey__responses
where nps_0_10 is not null
union all
select
    'responses' as stream,
    concat('csat:', respondent_id) as natural_key,
    'csat' as event_kind,
    'Опрос CSAT' as activity_raw,
    coalesce(changed_at, started_at) as occurred_at,
    'exact' as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    concat(cast(csat_1_5 as varchar), '/5') as score_raw,
    (csat_1_5 - 1) / 4.0 as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_surveymonkey__responses
where csat_1_5 is not null
union all
select
    'responses' as stream,
    concat('words:', respondent_id) as natural_key,
    'review' as event_kind,
    'Опрос' as activity_raw,
    coalesce(changed_at, started_at) as occurred_at,
    'exact' as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_surveymonkey__responses
where nps_0_10 is null and csat_1_5 is null and comment is not null
