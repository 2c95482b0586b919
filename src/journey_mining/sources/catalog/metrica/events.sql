-- model: events
-- layer: events
-- grain: one row per hit, and per visit, goal or order that no hit tells of
-- key: stream, natural_key
-- reads: int_metrica__told, int_metrica__visit, stg_metrica__hits, stg_metrica__hits__goals, stg_metrica__visits
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
    cast(null as double) as amount,
    cast(null as varchar) as currency,
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
union all
select
    'visits' as stream,
    told.natural_key,
    told.event_kind,
    case told.event_kind
        when 'goal' then concat('Цель ', told.goal_id)
        when 'order_created' then 'Заказ на сайте'
        else coalesce(stated.page, '/')
    end as activity_raw,
    case
        when told.local_at is null then visit.started_at
        -- times inside of lists are told in Moscow time, whatever the counter's; some counters tell their own
        when told.local_at - interval '3' hour between visit.earliest_at and visit.latest_at
            then told.local_at - interval '3' hour
        when visit.started_at + (told.local_at - visit.started_local) between visit.earliest_at and visit.latest_at
            then visit.started_at + (told.local_at - visit.started_local)
        else told.local_at - interval '3' hour
    end as occurred_at,
    case when told.local_at is null and told.event_kind <> 'visit' then 'approx' else 'exact' end as ts_quality,
    cast(case told.event_kind when 'visit' then 0 when 'goal' then 1 else 2 end as bigint) as order_hint,
    case when stated.is_robot or stated.browser_key = 'bot' then 'bot' else 'customer' end as actor_type,
    'web' as channel,
    'in' as direction,
    told.amount,
    case when length(told.currency) = 3 then replace(told.currency, 'RUR', 'RUB') end as currency,
    cast(null as varchar) as customer_type,
    stated.url_host,
    -- where a goal was reached nobody tells
    case when told.event_kind = 'visit' then stated.url_path end as url_path,
    stated.referrer_host,
    coalesce(stated.utm_source, stated.adv_engine, stated.search_engine) as utm_source,
    coalesce(
        stated.utm_medium,
        case stated.traffic
            when 'ad' then 'cpc'
            when 'organic' then 'organic'
            when 'social' then 'social'
            when 'referral' then 'referral'
            when 'email' then 'email'
            when 'messenger' then 'messenger'
        end
    ) as utm_medium,
    stated.utm_campaign,
    case when stated.is_robot or stated.browser_key = 'bot' then 'bot' end as exclude,
    case
        when stated.browser_key = 'bot' then 'browser of a robot'
        when stated.is_robot then 'taken for a robot by Metrica'
    end as exclude_reason,
    case
        when told.goal_id is not null then concat('{"goal": "', told.goal_id, '"}')
        when told.event_kind = 'visit' and stated.page_views is not null
            then concat('{"pages": ', cast(stated.page_views as varchar), '}')
    end as attributes,
    stated._file_id as file_id,
    stated._line as line
from int_metrica__told as told
-- many to one
inner join int_metrica__visit as visit on told.visit_key = visit.visit_key
-- one to one
inner join stg_metrica__visits as stated
    on visit.counter_id = stated.counter_id
    and visit.visit_year = stated.visit_year
    and visit.visit_id = stated.visit_id
