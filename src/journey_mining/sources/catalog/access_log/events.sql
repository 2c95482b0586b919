-- model: events
-- layer: events
-- grain: one row per request
-- key: stream, natural_key
-- reads: stg_access_log__requests
-- why: of all that a server answers, only pages and files that a person asked for are touchpoints
with

answered as (

    -- 304: the browser still had the page and showed it
    select
        _row_key,
        case
            when method <> 'GET' then 'hit'
            when status not between 200 and 299 and status <> 304 then 'hit'
            when target_kind = 'page' then 'pageview'
            -- a file that is taken in pieces is told once, by its first answer
            when target_kind = 'file' and status <> 206 then 'download'
            else 'hit'
        end as event_kind
    from stg_access_log__requests

),

busy_minute as (

    select
        request.ip,
        coalesce(request.agent, '') as agent,
        count(*) as page_count
    from stg_access_log__requests as request
    -- one to one
    inner join answered on request._row_key = answered._row_key
    where answered.event_kind = 'pageview'
    group by
        request.ip,
        coalesce(request.agent, ''),
        date_trunc('minute', request.occurred_at)

),

busy_visitor as (

    -- nobody reads a page a second for a whole minute
    select
        ip,
        agent
    from busy_minute
    group by
        ip,
        agent
    having max(page_count) > 60

),

judged as (

    select
        request._row_key,
        answered.event_kind,
        case
            when request.agent is null then 'no browser named'
            when request.agent_key = 'bot' then 'browser of a robot'
            when busy_visitor.ip is not null then 'more than 60 pages a minute'
        end as robot_reason
    from stg_access_log__requests as request
    -- one to one
    inner join answered on request._row_key = answered._row_key
    -- many to at most one
    left join busy_visitor
        on request.ip = busy_visitor.ip
        and coalesce(request.agent, '') = busy_visitor.agent

)

select
    'requests' as stream,
    request._row_key as natural_key,
    judged.event_kind,
    case
        when judged.event_kind = 'hit' then 'Технический запрос'
        else coalesce(request.page, '/')
    end as activity_raw,
    request.occurred_at,
    'exact' as ts_quality,
    -- a second holds many requests: the server wrote them in their order
    request._line as order_hint,
    case
        when judged.robot_reason is not null then 'bot'
        when judged.event_kind = 'hit' then 'system'
        else 'customer'
    end as actor_type,
    'web' as channel,
    case when judged.event_kind <> 'hit' then 'in' end as direction,
    request.url_host,
    -- without its page no rule takes a technical request for a touchpoint
    case when judged.event_kind <> 'hit' then request.url_path end as url_path,
    request.referrer_host,
    lower(request.utm_source) as utm_source,
    lower(request.utm_medium) as utm_medium,
    request.utm_campaign,
    case when judged.robot_reason is not null then 'bot' end as exclude,
    judged.robot_reason as exclude_reason,
    concat('{"status": "', coalesce(cast(request.status as varchar), ''), '"}') as attributes,
    request._file_id as file_id,
    request._line as line
from stg_access_log__requests as request
-- one to one
inner join judged on request._row_key = judged._row_key
