-- model: events
-- layer: events
-- grain: one row per action of a visit
-- key: stream, natural_key
-- reads: stg_matomo__actions
-- why: actions carry their own times; what a visit came from belongs to its first action only
with

named as (

    select
        site_id,
        visit_id,
        action_no,
        case action_type
            when 'action' then 'pageview'
            when 'goal' then 'goal'
            when 'outlink' then 'outlink'
            when 'download' then 'download'
            when 'search' then 'search'
            when 'event' then 'goal'
            when 'ecommerceOrder' then 'order_created'
            when 'ecommerceAbandonedCart' then 'cart_added'
            -- contents shown, media played, heatmaps: nothing that a journey is made of
            else 'hit'
        end as event_kind,
        min(action_no) over (partition by site_id, visit_id) as first_no
    from stg_matomo__actions

)

select
    'actions' as stream,
    concat('visit:', action.site_id, ':', action.visit_id, ':', cast(action.action_no as varchar)) as natural_key,
    named.event_kind,
    case
        when action.action_type = 'goal' then coalesce(action.goal_name, concat('goal ', action.goal_id), 'goal')
        when action.action_type = 'event'
            then concat(coalesce(action.event_category, ''), ': ', coalesce(action.event_action, ''))
        when action.action_type = 'ecommerceOrder' then 'order'
        when action.action_type = 'ecommerceAbandonedCart' then 'cart'
        when action.action_type = 'search' then 'search'
        when action.action_type = 'outlink' then coalesce(action.url_host, 'outlink')
        when named.event_kind = 'hit' then action.action_type
        else coalesce(action.url_path, '/')
    end as activity_raw,
    action.occurred_at,
    'exact' as ts_quality,
    action.action_no as order_hint,
    case when named.event_kind = 'hit' then 'system' else 'customer' end as actor_type,
    'web' as channel,
    case when named.event_kind <> 'hit' then 'in' end as direction,
    -- a cart has the worth of what lies in it, which nobody has paid
    case when action.action_type = 'ecommerceOrder' then cast(action.revenue as double) end as amount,
    case when action.action_type = 'ecommerceOrder' then action.currency end as currency,
    case when action.action_type <> 'outlink' then action.url_host end as url_host,
    case when named.event_kind <> 'hit' and action.action_type <> 'outlink' then action.url_path end as url_path,
    case when action.action_no = named.first_no then action.referrer_host end as referrer_host,
    case
        when action.action_no = named.first_no and action.referrer_type in ('campaign', 'search', 'social')
            then lower(action.utm_source)
    end as utm_source,
    case
        when action.action_no <> named.first_no then null
        when action.referrer_type = 'campaign' then lower(coalesce(action.utm_medium, 'campaign'))
        when action.referrer_type = 'search' then 'organic'
        when action.referrer_type = 'social' then 'social'
    end as utm_medium,
    case
        when action.action_no = named.first_no and action.referrer_type = 'campaign' then action.utm_campaign
    end as utm_campaign,
    case when action.goal_id is not null
        then concat('{"goal": "', action.goal_id, '"}') end as attributes,
    action._file_id as file_id,
    action._line as line
from stg_matomo__actions as action
-- one to one
inner join named
    on action.site_id = named.site_id
    and action.visit_id = named.visit_id
    and action.action_no = named.action_no
