-- model: events
-- layer: events
-- grain: one row per call
-- key: stream, natural_key
-- reads: stg_calltouch__calls
-- why: a call that knows the browser it came from; whether it was answered matters more than how long it took
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'call' as event_kind,
    case
        when is_callback then 'Обратный звонок с сайта'
        when is_answered = false then 'Пропущенный звонок'
        else 'Входящий звонок'
    end as activity_raw,
    called_at as occurred_at,
    'exact' as ts_quality,
    'customer' as actor_type,
    'phone' as channel,
    'in' as direction,
    page_host as url_host,
    page_path as url_path,
    ref_host as referrer_host,
    coalesce(utm_source, source_name) as utm_source,
    coalesce(utm_medium, medium_name) as utm_medium,
    utm_campaign,
    concat(
        '{"answered": ',
        case when is_answered = false then 'false' else 'true' end,
        ', "target": ',
        case when is_target then 'true' else 'false' end,
        ', "first_of_number": ',
        case when is_unique then 'true' else 'false' end,
        ', "talk_seconds": ',
        coalesce(cast(duration as varchar), '0'),
        ', "wait_seconds": ',
        coalesce(cast(waiting as varchar), '0'),
        '}'
    ) as attributes,
    _file_id as file_id,
    _line as line
from stg_calltouch__calls
