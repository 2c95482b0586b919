-- model: events
-- layer: events
-- grain: one row per event
-- key: stream, natural_key
-- reads: stg_posthog__events, stg_posthog__events_parquet
-- why: names of events are turned into the words of all web sources; what the library sends on its own stays technical
with

told as (

    select
        event_uuid,
        name,
        occurred_at,
        click_kind,
        url_host,
        url_path,
        screen,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        revenue,
        currency,
        agent_key,
        _file_id,
        _line,
        1 as rank_no
    from stg_posthog__events
    union all
    select
        event_uuid,
        name,
        occurred_at,
        click_kind,
        url_host,
        url_path,
        screen,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        revenue,
        currency,
        agent_key,
        _file_id,
        _line,
        2 as rank_no
    from stg_posthog__events_parquet

),

first_told as (

    -- the same event may lie in files of both formats
    select
        event_uuid,
        min(rank_no) as rank_no
    from told
    group by event_uuid

),

named as (

    select
        told.event_uuid,
        told.rank_no,
        case
            when told.name in ('$pageview', '$screen') then 'pageview'
            when told.name = '$autocapture' and told.click_kind = 'submit' then 'form_submitted'
            when told.name = 'survey sent' then 'form_submitted'
            when told.name like '$%' or told.name like 'survey %' then 'hit'
            when lower(replace(told.name, ' ', '_')) in ('signed_up', 'sign_up', 'user_signed_up') then 'signup'
            when lower(replace(told.name, ' ', '_')) in ('product_added', 'add_to_cart') then 'cart_added'
            when lower(replace(told.name, ' ', '_')) in ('checkout_started', 'begin_checkout') then 'checkout_started'
            when lower(replace(told.name, ' ', '_')) in ('order_completed', 'purchase') then 'order_created'
            when lower(replace(told.name, ' ', '_')) in ('order_cancelled', 'order_refunded') then 'order_cancelled'
            -- a name that nobody but the company gave: it is told because it matters
            else 'goal'
        end as event_kind,
        case
            when told.agent_key = 'bot' then 'bot'
            when told.url_host = 'localhost' or told.url_host like '127.0.0.%' then 'test'
        end as exclude
    from told
    -- many to one
    inner join first_told on told.event_uuid = first_told.event_uuid and told.rank_no = first_told.rank_no

)

select
    'events' as stream,
    told.event_uuid as natural_key,
    named.event_kind,
    case
        when named.event_kind = 'pageview' then coalesce(told.url_path, told.screen, '/')
        else told.name
    end as activity_raw,
    told.occurred_at,
    'exact' as ts_quality,
    cast(case when named.event_kind = 'pageview' then 0 else 1 end as bigint) as order_hint,
    case
        when named.exclude = 'bot' then 'bot'
        when named.event_kind = 'hit' then 'system'
        else 'customer'
    end as actor_type,
    'web' as channel,
    case when named.event_kind <> 'hit' then 'in' end as direction,
    case
        when named.event_kind in ('order_created', 'order_cancelled') then cast(told.revenue as double)
    end as amount,
    case when named.event_kind in ('order_created', 'order_cancelled') then told.currency end as currency,
    told.url_host,
    -- without its page no rule takes a technical event for a touchpoint
    case when named.event_kind <> 'hit' then coalesce(told.url_path, told.screen) end as url_path,
    told.referrer_host,
    lower(told.utm_source) as utm_source,
    lower(told.utm_medium) as utm_medium,
    told.utm_campaign,
    named.exclude,
    case named.exclude
        when 'bot' then 'browser of a robot'
        when 'test' then 'a computer of a developer'
    end as exclude_reason,
    told._file_id as file_id,
    told._line as line
from told
-- one to one: events told first
inner join named on told.event_uuid = named.event_uuid and told.rank_no = named.rank_no
