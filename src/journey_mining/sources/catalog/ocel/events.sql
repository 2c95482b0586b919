-- model: events
-- layer: events
-- grain: one row per event of the log
-- key: stream, natural_key
-- reads: stg_ocel__events, stg_ocel__links, stg_ocel__objects
-- why: an event of the log is an event; its customers say what kind of customer it is about
with

adapted as (

    select
        -- ADAPT: the channel of activities that name none
        'crm' as usual_channel,
        -- ADAPT: who does what names a resource that is not one of our own words
        'agent' as named_actor,
        -- ADAPT: who does what names no resource
        'system' as unnamed_actor

),

typed as (

    select
        link.event_id,
        min(thing.customer_type) as customer_type
    from stg_ocel__links as link
    -- many to one
    inner join stg_ocel__objects as thing on link.object_id = thing.object_id
    group by link.event_id

)

select
    'events' as stream,
    concat(
        'ocel:',
        case
            when happened.event_id like '%@%' then md5(happened.event_id)
            else happened.event_id
        end
    ) as natural_key,
    'activity' as event_kind,
    happened.activity as activity_raw,
    happened.occurred_at,
    case when happened.time_offset is null then 'assumed_tz' else 'exact' end as ts_quality,
    happened._line as order_hint,
    case
        when lower(happened.resource) in ('customer', 'agent', 'system', 'bot')
            then lower(happened.resource)
        when happened.resource is null then adapted.unnamed_actor
        else adapted.named_actor
    end as actor_type,
    case
        when
            lower(happened.channel) in (
                'crm', 'web', 'email', 'chat', 'phone', 'portal', 'messenger', 'social', 'survey', 'store'
            )
            then lower(happened.channel)
        else adapted.usual_channel
    end as channel,
    cast(happened.amount as double) as amount,
    typed.customer_type,
    happened._file_id as file_id,
    happened._line as line
from stg_ocel__events as happened
cross join adapted
-- one to at most one
left join typed on happened.event_id = typed.event_id
