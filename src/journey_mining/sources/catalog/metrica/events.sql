-- model: events
-- layer: events
-- grain: one row per hit
-- key: stream, natural_key
-- reads: stg_metrica__hits, stg_metrica__hits__goals
-- why: a hit that reached a goal is the goal, so that no visit is counted twice; robots stay visible as such
with

busy_minute as (

    select
        client_id,
        count(*) as hit_count
    from stg_metrica__hits
    where client_id is not null
    group by
        client_id,
        date_trunc('minute', occurred_at)

),

busy_client as (

    -- nobody reads a page a second for a whole minute
    select client_id
    from busy_minute
    group by client_id
    having max(hit_count) > 60

),

goal_hit as (

    select
        watch_id,
        min(item) as goal_id
    from stg_metrica__hits__goals
    group by watch_id

),

told_hit as (

    -- hits that scripts send on their own (parameters, heartbeats) show no page to anybody
    select
        hit.watch_id,
        goal_hit.goal_id,
        case
            when goal_hit.watch_id is not null then 'goal'
            when hit.is_download then 'download'
            when hit.is_link then 'outlink'
            when not hit.is_pageview then 'hit'
            else 'pageview'
        end as event_kind,
        case
            when hit.browser_key = 'bot' then 'browser of a robot'
            when busy_client.client_id is not null then 'more than 60 hits a minute'
        end as robot_reason
    from stg_metrica__hits as hit
    -- one to at most one
    left join goal_hit on hit.watch_id = goal_hit.watch_id
    -- many to at most one
    left join busy_client on hit.client_id = busy_client.client_id

)

select
    'hits' as stream,
    concat('hit:', hit.watch_id) as natural_key,
    told_hit.event_kind,
    case
        when told_hit.event_kind = 'hit' then 'Технический запрос'
        else coalesce(hit.page, '/')
    end as activity_raw,
    hit.occurred_at,
    'exact' as ts_quality,
    -- within one second a goal follows the page it was reached on
    cast(case when told_hit.event_kind = 'goal' then 1 else 0 end as bigint) as order_hint,
    case
        when told_hit.robot_reason is not null then 'bot'
        when told_hit.event_kind = 'hit' then 'system'
        else 'customer'
    end as actor_type,
    'web' as channel,
    case when told_hit.event_kind <> 'hit' then 'in' end as direction,
    hit.client_type as customer_type,
    hit.url_host,
    -- without its page no rule takes a technical hit for a touchpoint
    case when told_hit.event_kind <> 'hit' then hit.url_path end as url_path,
    hit.referrer_host,
    hit.utm_source,
    hit.utm_medium,
    hit.utm_campaign,
    case when told_hit.robot_reason is not null then 'bot' end as exclude,
    told_hit.robot_reason as exclude_reason,
    case when told_hit.goal_id is not null
        then concat('{"goal": "', told_hit.goal_id, '"}') end as attributes,
    hit._file_id as file_id,
    hit._line as line
from stg_metrica__hits as hit
-- one to one
inner join told_hit on hit.watch_id = told_hit.watch_id
