-- model: events
-- layer: events
-- grain: one row per event
-- key: stream, natural_key
-- reads: stg_ga4__events, stg_ga4__events_parquet, stg_ga4__intraday, stg_ga4__intraday_parquet
-- why: names of events are turned into the words of all web sources; what a browser sends on its own stays technical
with

told as (

    select
        _row_key,
        event_on,
        occurred_at,
        name,
        user_id,
        pseudo_id,
        page_no,
        batch_no,
        index_no,
        url_host,
        url_path,
        screen,
        referrer_host,
        link_host,
        file_path,
        utm_source,
        utm_medium,
        utm_campaign,
        gclid,
        order_id,
        revenue,
        param_value,
        currency,
        traffic_type,
        debug_mode,
        platform,
        _file_id,
        _line,
        1 as rank_no
    from stg_ga4__events
    union all
    select
        _row_key,
        event_on,
        occurred_at,
        name,
        user_id,
        pseudo_id,
        page_no,
        batch_no,
        index_no,
        url_host,
        url_path,
        screen,
        referrer_host,
        link_host,
        file_path,
        utm_source,
        utm_medium,
        utm_campaign,
        gclid,
        order_id,
        revenue,
        param_value,
        currency,
        traffic_type,
        debug_mode,
        platform,
        _file_id,
        _line,
        2 as rank_no
    from stg_ga4__events_parquet
    union all
    select
        _row_key,
        event_on,
        occurred_at,
        name,
        user_id,
        pseudo_id,
        page_no,
        batch_no,
        index_no,
        url_host,
        url_path,
        screen,
        referrer_host,
        link_host,
        file_path,
        utm_source,
        utm_medium,
        utm_campaign,
        gclid,
        order_id,
        revenue,
        param_value,
        currency,
        traffic_type,
        debug_mode,
        platform,
        _file_id,
        _line,
        3 as rank_no
    from stg_ga4__intraday
    union all
    select
        _row_key,
        event_on,
        occurred_at,
        name,
        user_id,
        pseudo_id,
        page_no,
        batch_no,
        index_no,
        url_host,
        url_path,
        screen,
        referrer_host,
        link_host,
        file_path,
        utm_source,
        utm_medium,
        utm_campaign,
        gclid,
        order_id,
        revenue,
        param_value,
        currency,
        traffic_type,
        debug_mode,
        platform,
        _file_id,
        _line,
        4 as rank_no
    from stg_ga4__intraday_parquet

),

day_rank as (

    -- the complete table of a day wins over that of the running day
    select
        event_on,
        min(rank_no) as rank_no
    from told
    group by event_on

),

named as (

    select
        told._row_key,
        case
            when told.name in ('page_view', 'screen_view') then 'pageview'
            when told.name = 'click' then 'outlink'
            when told.name = 'file_download' then 'download'
            when told.name in ('view_search_results', 'search') then 'search'
            when told.name in ('form_submit', 'generate_lead') then 'form_submitted'
            when told.name = 'sign_up' then 'signup'
            when told.name = 'add_to_cart' then 'cart_added'
            when told.name = 'begin_checkout' then 'checkout_started'
            when told.name in ('purchase', 'in_app_purchase', 'ecommerce_purchase') then 'order_created'
            when told.name = 'refund' then 'order_cancelled'
            when told.name in (
                'session_start', 'first_visit', 'first_open', 'user_engagement', 'scroll', 'form_start', 'login',
                'video_start', 'video_progress', 'video_complete', 'view_item', 'view_item_list', 'select_item',
                'view_promotion', 'select_promotion', 'view_cart', 'remove_from_cart', 'add_shipping_info',
                'add_payment_info', 'add_to_wishlist', 'select_content', 'app_remove', 'app_update', 'os_update',
                'app_exception', 'app_clear_data', 'notification_receive', 'notification_open', 'ad_impression'
            ) then 'hit'
            -- a name that nobody but the company gave: it is told because it matters
            else 'goal'
        end as event_kind
    from told
    -- many to one
    inner join day_rank on told.event_on = day_rank.event_on and told.rank_no = day_rank.rank_no

)

select
    'events' as stream,
    told._row_key as natural_key,
    named.event_kind,
    case
        when named.event_kind = 'pageview' then coalesce(told.url_path, told.screen, '/')
        when named.event_kind = 'outlink' then coalesce(told.link_host, told.name)
        when named.event_kind = 'download' then coalesce(told.file_path, told.name)
        else told.name
    end as activity_raw,
    told.occurred_at,
    'exact' as ts_quality,
    -- events of one instant: their batch, then their place in it; a goal follows its page
    coalesce(told.batch_no, 0) * 1000
    + coalesce(told.index_no, case when named.event_kind = 'pageview' then 0 else 1 end) as order_hint,
    case when named.event_kind = 'hit' then 'system' else 'customer' end as actor_type,
    'web' as channel,
    case when named.event_kind <> 'hit' then 'in' end as direction,
    case
        when named.event_kind in ('order_created', 'order_cancelled')
            then cast(coalesce(told.revenue, told.param_value) as double)
    end as amount,
    case when named.event_kind in ('order_created', 'order_cancelled') then told.currency end as currency,
    told.url_host,
    -- without its page no rule takes a technical event for a touchpoint
    case when named.event_kind <> 'hit' then coalesce(told.url_path, told.screen) end as url_path,
    told.referrer_host,
    lower(coalesce(told.utm_source, case when told.gclid is not null then 'google' end)) as utm_source,
    lower(coalesce(told.utm_medium, case when told.gclid is not null then 'cpc' end)) as utm_medium,
    told.utm_campaign,
    case
        when told.traffic_type = 'internal' then 'internal'
        when told.debug_mode in ('1', 'true') then 'test'
    end as exclude,
    case
        when told.traffic_type = 'internal' then 'traffic_type is internal'
        when told.debug_mode in ('1', 'true') then 'debug mode'
    end as exclude_reason,
    concat('{"platform": "', coalesce(told.platform, ''), '"}') as attributes,
    told._file_id as file_id,
    told._line as line
from told
-- one to one: what the picked day told
inner join day_rank on told.event_on = day_rank.event_on and told.rank_no = day_rank.rank_no
-- one to one
inner join named on told._row_key = named._row_key
