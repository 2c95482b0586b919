-- model: events
-- layer: events
-- grain: one row per person, lead or deal made, change of a deal, and activity done
-- key: stream, natural_key
-- reads: int_pipedrive__deal_event, stg_pipedrive__activities, stg_pipedrive__leads, stg_pipedrive__persons, stg_pipedrive__persons_api
-- why: a deal is told by the best of what came of it: its flow, the times of the deal itself, or what lists showed
with

done as (

    select
        activity_id,
        kind,
        done_at,
        modified_at,
        created_at,
        try_cast(concat(due_day, ' ', substr(due_hour, 1, 5), ':00') as timestamp) as due_at,
        try_cast(due_day as timestamp) as due_on,
        _file_id,
        _line
    from stg_pipedrive__activities
    where is_done

),

other_event as (

    select
        'activities' as stream,
        concat('activity:', activity_id) as natural_key,
        case
            when kind = 'call' then 'call'
            when kind in ('meeting', 'lunch', 'demo') then 'meeting'
            when kind = 'email' then 'email_out'
            else 'task_done'
        end as event_kind,
        coalesce(kind, 'activity') as activity_raw,
        -- the hour it was planned for, unless it was ticked off before; a tick is later than what it stands for
        case
            when due_at <= coalesce(done_at, modified_at, due_at) then due_at
            else coalesce(done_at, least(due_on, coalesce(modified_at, due_on)), created_at)
        end as occurred_at,
        case
            when due_at <= coalesce(done_at, modified_at, due_at) then 'exact'
            when done_at is not null then 'approx'
            when due_on is not null then 'date_only'
            else 'approx'
        end as ts_quality,
        'agent' as actor_type,
        case when kind = 'call' then 'phone' when kind = 'email' then 'email' else 'crm' end as channel,
        case when kind = 'email' then 'out' end as direction,
        _file_id,
        _line
    from done
    union all
    select
        'persons_api' as stream,
        concat('person:', person_id) as natural_key,
        'contact_created' as event_kind,
        'Person created' as activity_raw,
        created_at as occurred_at,
        'exact' as ts_quality,
        'system' as actor_type,
        'crm' as channel,
        cast(null as varchar) as direction,
        _file_id,
        _line
    from stg_pipedrive__persons_api
    union all
    select
        'persons' as stream,
        concat('person:', person_id) as natural_key,
        'contact_created' as event_kind,
        'Person created' as activity_raw,
        created_at as occurred_at,
        'exact' as ts_quality,
        'system' as actor_type,
        'crm' as channel,
        cast(null as varchar) as direction,
        _file_id,
        _line
    from stg_pipedrive__persons
    where person_id not in (select person_id from stg_pipedrive__persons_api)
    union all
    select
        'leads' as stream,
        concat('lead:', lead_id) as natural_key,
        'lead_created' as event_kind,
        case when channel is null then 'Lead' else concat('Lead: ', channel) end as activity_raw,
        created_at as occurred_at,
        'exact' as ts_quality,
        'system' as actor_type,
        'crm' as channel,
        cast(null as varchar) as direction,
        _file_id,
        _line
    from stg_pipedrive__leads

)

select
    stream,
    natural_key,
    event_kind,
    activity_raw,
    occurred_at,
    ts_quality,
    cast(order_hint as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(null as varchar) as direction,
    cast(amount as double) as amount,
    currency,
    pipeline,
    customer_type,
    _file_id as file_id,
    _line as line
from int_pipedrive__deal_event
union all
select
    stream,
    natural_key,
    event_kind,
    activity_raw,
    occurred_at,
    ts_quality,
    cast(0 as bigint) as order_hint,
    actor_type,
    channel,
    direction,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    _file_id as file_id,
    _line as line
from other_event
