-- model: events
-- layer: events
-- grain: one row per question answered with a number, or per answer in words only
-- key: stream, natural_key
-- reads: stg_survey__answers
-- why: scales differ, so each answer is kept as given and as a share of its scale
select
    'answers' as stream,
    concat('nps:', _row_key) as natural_key,
    'nps' as event_kind,
    'Опрос NPS' as activity_raw,
    cast(answered_on as timestamp) as occurred_at,
    'date_only' as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    concat(cast(nps as varchar), '/10') as score_raw,
    nps / 10.0 as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_survey__answers
where nps is not null
union all
select
    'answers' as stream,
    concat('csat:', _row_key) as natural_key,
    'csat' as event_kind,
    'Опрос CSAT' as activity_raw,
    cast(answered_on as timestamp) as occurred_at,
    'date_only' as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    concat(cast(csat as varchar), '/5') as score_raw,
    (csat - 1) / 4.0 as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_survey__answers
where csat is not null
union all
select
    'answers' as stream,
    concat('words:', _row_key) as natural_key,
    'review' as event_kind,
    'Опрос' as activity_raw,
    cast(answered_on as timestamp) as occurred_at,
    'date_only' as ts_quality,
    'customer' as actor_type,
    'survey' as channel,
    'in' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    asked_stage,
    _file_id as file_id,
    _line as line
from stg_survey__answers
where nps is null and csat is null and comment is not null
