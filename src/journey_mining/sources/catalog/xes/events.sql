-- model: events
-- layer: events
-- grain: one row per activity done
-- key: stream, natural_key
-- reads: int_xes__completed, stg_xes__events
-- why: an activity that tells its start and its end is one event, at its end
with

adapted as (

    select
        -- ADAPT: the channel of activities that name none
        'crm' as usual_channel,
        -- ADAPT: who does what names a resource that is not one of our own words
        'agent' as named_actor,
        -- ADAPT: who does what names no resource
        'system' as unnamed_actor

)

select
    'events' as stream,
    concat('xes:', happened._row_key) as natural_key,
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
    happened.currency,
    happened.customer_type,
    happened._file_id as file_id,
    happened._line as line
from stg_xes__events as happened
cross join adapted
-- many to at most one
left join int_xes__completed as completed
    on happened.case_id = completed.case_id
    and happened.activity = completed.activity
where coalesce(lower(happened.lifecycle), 'complete') = 'complete' or completed.case_id is null
