-- model: events
-- layer: events
-- grain: one row per call
-- key: stream, natural_key
-- reads: stg_segment__aliases, stg_segment__calls, stg_segment__identifies, stg_segment__orders, stg_segment__pages, stg_segment__screens, stg_segment__tracks
-- why: a call is told once, wherever it was unloaded to; names of calls are turned into the words of all web sources
with

told as (

    select
        call_id,
        'track' as call_type,
        name,
        cast(null as varchar) as screen,
        occurred_at,
        url_host,
        url_path,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        agent_key,
        cast(null as varchar) as order_id,
        cast(null as decimal(18, 2)) as revenue,
        cast(null as varchar) as currency,
        _file_id,
        _line,
        1 as rank_no
    from stg_segment__tracks
    union all
    select
        call_id,
        'page' as call_type,
        cast(null as varchar) as name,
        screen,
        occurred_at,
        url_host,
        url_path,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        agent_key,
        cast(null as varchar) as order_id,
        cast(null as decimal(18, 2)) as revenue,
        cast(null as varchar) as currency,
        _file_id,
        _line,
        2 as rank_no
    from stg_segment__pages
    union all
    select
        call_id,
        'screen' as call_type,
        cast(null as varchar) as name,
        screen,
        occurred_at,
        cast(null as varchar) as url_host,
        cast(null as varchar) as url_path,
        cast(null as varchar) as referrer_host,
        cast(null as varchar) as utm_source,
        cast(null as varchar) as utm_medium,
        cast(null as varchar) as utm_campaign,
        cast(null as varchar) as agent_key,
        cast(null as varchar) as order_id,
        cast(null as decimal(18, 2)) as revenue,
        cast(null as varchar) as currency,
        _file_id,
        _line,
        3 as rank_no
    from stg_segment__screens
    union all
    select
        call_id,
        'identify' as call_type,
        cast(null as varchar) as name,
        cast(null as varchar) as screen,
        occurred_at,
        cast(null as varchar) as url_host,
        cast(null as varchar) as url_path,
        cast(null as varchar) as referrer_host,
        cast(null as varchar) as utm_source,
        cast(null as varchar) as utm_medium,
        cast(null as varchar) as utm_campaign,
        agent_key,
        cast(null as varchar) as order_id,
        cast(null as decimal(18, 2)) as revenue,
        cast(null as varchar) as currency,
        _file_id,
        _line,
        4 as rank_no
    from stg_segment__identifies
    union all
    select
        call_id,
        'alias' as call_type,
        cast(null as varchar) as name,
        cast(null as varchar) as screen,
        occurred_at,
        cast(null as varchar) as url_host,
        cast(null as varchar) as url_path,
        cast(null as varchar) as referrer_host,
        cast(null as varchar) as utm_source,
        cast(null as varchar) as utm_medium,
        cast(null as varchar) as utm_campaign,
        cast(null as varchar) as agent_key,
        cast(null as varchar) as order_id,
        cast(null as decimal(18, 2)) as revenue,
        cast(null as varchar) as currency,
        _file_id,
        _line,
        5 as rank_no
    from stg_segment__aliases
    union all
    select
        call_id,
        coalesce(
            call_type,
            case
                when name is not null then 'track'
                when previous_id is not null then 'alias'
                when own_url is not null then 'page'
                else 'identify'
            end
        ) as call_type,
        name,
        screen,
        occurred_at,
        url_host,
        url_path,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        agent_key,
        order_id,
        revenue,
        currency,
        _file_id,
        _line,
        6 as rank_no
    from stg_segment__calls

),

first_told as (

    -- the same call may lie in a table and in the archive
    select
        call_id,
        min(rank_no) as rank_no
    from told
    group by call_id

),

named as (

    select
        told.call_id,
        told.call_type,
        told.name,
        told.screen,
        told.occurred_at,
        told.url_host,
        told.url_path,
        told.referrer_host,
        told.utm_source,
        told.utm_medium,
        told.utm_campaign,
        told.agent_key,
        told.order_id,
        told.revenue,
        told.currency,
        told._file_id,
        told._line,
        case
            when told.call_type in ('page', 'screen') then 'pageview'
            when told.call_type <> 'track' then 'hit'
            when lower(replace(told.name, ' ', '_')) in ('product_added', 'product_added_to_cart') then 'cart_added'
            when lower(replace(told.name, ' ', '_')) = 'checkout_started' then 'checkout_started'
            when lower(replace(told.name, ' ', '_')) = 'order_completed' then 'order_created'
            when lower(replace(told.name, ' ', '_')) in ('order_cancelled', 'order_refunded') then 'order_cancelled'
            when lower(replace(told.name, ' ', '_')) = 'products_searched' then 'search'
            when lower(replace(told.name, ' ', '_')) in ('signed_up', 'sign_up', 'account_created') then 'signup'
            when lower(replace(told.name, ' ', '_')) in ('form_submitted', 'lead_submitted') then 'form_submitted'
            when lower(replace(told.name, ' ', '_')) in (
                'product_viewed', 'product_list_viewed', 'product_list_filtered', 'product_clicked',
                'promotion_viewed', 'promotion_clicked', 'product_removed', 'cart_viewed', 'signed_in', 'signed_out',
                'checkout_step_viewed', 'checkout_step_completed', 'payment_info_entered', 'application_installed',
                'application_opened', 'application_backgrounded', 'application_updated', 'application_crashed',
                'experiment_viewed', 'order_updated'
            ) then 'hit'
            -- a name that nobody but the company gave: it is told because it matters
            else 'goal'
        end as event_kind
    from told
    -- many to one
    inner join first_told on told.call_id = first_told.call_id and told.rank_no = first_told.rank_no

)

select
    'calls' as stream,
    named.call_id as natural_key,
    named.event_kind,
    case
        when named.call_type = 'track' then named.name
        when named.event_kind = 'pageview' then coalesce(named.url_path, named.screen, '/')
        else named.call_type
    end as activity_raw,
    named.occurred_at,
    'exact' as ts_quality,
    cast(case when named.event_kind = 'pageview' then 0 else 1 end as bigint) as order_hint,
    case
        when named.agent_key = 'bot' then 'bot'
        when named.event_kind = 'hit' then 'system'
        else 'customer'
    end as actor_type,
    'web' as channel,
    case when named.event_kind <> 'hit' then 'in' end as direction,
    case
        when named.event_kind in ('order_created', 'order_cancelled')
            then cast(coalesce(named.revenue, orders.revenue) as double)
    end as amount,
    case
        when named.event_kind in ('order_created', 'order_cancelled')
            then coalesce(named.currency, orders.currency)
    end as currency,
    named.url_host,
    -- without its page no rule takes a technical call for a touchpoint
    case when named.event_kind <> 'hit' then coalesce(named.url_path, named.screen) end as url_path,
    named.referrer_host,
    lower(named.utm_source) as utm_source,
    lower(named.utm_medium) as utm_medium,
    named.utm_campaign,
    case when named.agent_key = 'bot' then 'bot' end as exclude,
    case when named.agent_key = 'bot' then 'browser of a robot' end as exclude_reason,
    named._file_id as file_id,
    named._line as line
from named
-- one to at most one
left join stg_segment__orders as orders on named.call_id = orders.call_id
