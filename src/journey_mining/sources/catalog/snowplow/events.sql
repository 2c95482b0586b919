-- model: events
-- layer: events
-- grain: one row per enriched event
-- key: stream, natural_key
-- reads: stg_snowplow__events
-- why: names of events are turned into the words of all web sources; pings and errors stay technical
with

named as (

    select
        event_id,
        coalesce(derived_at, collected_at) as occurred_at,
        coalesce(event_name, event_type) as name,
        case
            when event_type = 'page_view' or event_name in ('page_view', 'screen_view') then 'pageview'
            when event_type = 'page_ping' then 'hit'
            when event_type = 'transaction' then 'order_created'
            when event_type = 'transaction_item' then 'hit'
            when event_type = 'struct' then 'goal'
            when event_name = 'link_click' then 'outlink'
            when event_name = 'file_download' then 'download'
            when event_name = 'site_search' then 'search'
            when event_name = 'submit_form' then 'form_submitted'
            when event_name = 'add_to_cart' then 'cart_added'
            when event_name = 'snowplow_ecommerce_action' and shop_action = 'add_to_cart' then 'cart_added'
            when event_name = 'snowplow_ecommerce_action' and shop_action = 'checkout_step' then 'checkout_started'
            when event_name = 'snowplow_ecommerce_action' and shop_action = 'transaction' then 'order_created'
            when event_name = 'snowplow_ecommerce_action' and shop_action = 'refund' then 'order_cancelled'
            when event_name in (
                'snowplow_ecommerce_action', 'remove_from_cart', 'focus_form', 'change_form', 'button_click',
                'application_error', 'application_foreground', 'application_background', 'application_install',
                'timing', 'screen_end', 'screen_summary', 'list_item_view', 'scroll_changed', 'web_vitals',
                'consent_preferences', 'cmp_visible', 'app_visibility', 'performance_timing'
            ) then 'hit'
            -- a name that nobody but the company gave: it is told because it matters
            else 'goal'
        end as event_kind,
        case
            when agent_key = 'bot' then 'browser of a robot'
            when spider_key = 'bot' then 'listed as a robot'
        end as robot_reason
    from stg_snowplow__events

)

select
    'events' as stream,
    event.event_id as natural_key,
    named.event_kind,
    case
        when named.event_kind = 'pageview' then coalesce(event.url_path, event.screen, '/')
        when named.event_kind = 'outlink' then coalesce(event.link_host, named.name)
        when event.event_type = 'struct'
            then concat(coalesce(event.se_category, ''), ': ', coalesce(event.se_action, ''))
        else named.name
    end as activity_raw,
    named.occurred_at,
    case when event.derived_at is null then 'approx' else 'exact' end as ts_quality,
    cast(case when named.event_kind = 'pageview' then 0 else 1 end as bigint) as order_hint,
    case
        when named.robot_reason is not null then 'bot'
        when named.event_kind = 'hit' then 'system'
        else 'customer'
    end as actor_type,
    'web' as channel,
    case when named.event_kind <> 'hit' then 'in' end as direction,
    case when named.event_kind = 'order_created' then cast(event.order_total as double) end as amount,
    case when named.event_kind = 'order_created' then event.currency end as currency,
    event.url_host,
    -- without its page no rule takes a technical event for a touchpoint
    case when named.event_kind <> 'hit' then coalesce(event.url_path, event.screen) end as url_path,
    event.referrer_host,
    lower(event.utm_source) as utm_source,
    lower(event.utm_medium) as utm_medium,
    event.utm_campaign,
    case when named.robot_reason is not null then 'bot' end as exclude,
    named.robot_reason as exclude_reason,
    concat(
        '{"app": "', coalesce(event.app_id, ''), '", "platform": "', coalesce(event.platform, ''), '"}'
    ) as attributes,
    event._file_id as file_id,
    event._line as line
from stg_snowplow__events as event
-- one to one
inner join named on event.event_id = named.event_id
