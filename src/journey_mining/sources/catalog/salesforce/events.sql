-- model: events
-- layer: events
-- grain: one row per lead, contact or opportunity made, move of one of these, task done and meeting
-- key: stream, natural_key
-- reads: int_salesforce__deal_event, stg_salesforce__contacts, stg_salesforce__lead_history, stg_salesforce__leads, stg_salesforce__meetings, stg_salesforce__tasks
-- why: an opportunity is told by the best of what came of it: its history, tracked fields, or what reports showed
with

converted as (

    -- the lead itself knows the day only
    select lead_id, min(moved_at) as converted_at
    from stg_salesforce__lead_history
    where field = 'leadConverted' and coalesce(is_deleted, false) = false
    group by lead_id

),

lead_event as (

    select
        'leads' as stream,
        concat('lead:', lead_id, ':created') as natural_key,
        'lead_created' as event_kind,
        case when lead_source is null then 'Lead' else concat('Lead: ', lead_source) end as activity_raw,
        created_at as occurred_at,
        'exact' as ts_quality,
        0 as order_hint,
        _file_id,
        _line
    from stg_salesforce__leads
    where coalesce(is_deleted, false) = false or master_id is not null
    union all
    select
        'leads' as stream,
        concat('lead:', one.lead_id, ':converted') as natural_key,
        'lead_converted' as event_kind,
        'Lead converted' as activity_raw,
        -- midnight of that day may lie before the lead
        coalesce(converted.converted_at, greatest(one.converted_on, one.created_at)) as occurred_at,
        case when converted.converted_at is null then 'date_only' else 'exact' end as ts_quality,
        2 as order_hint,
        one._file_id,
        one._line
    from stg_salesforce__leads as one
    -- one to at most one
    left join converted on one.lead_id = converted.lead_id
    where one.is_converted
        and coalesce(one.is_deleted, false) = false
        and coalesce(converted.converted_at, one.converted_on) is not null
    union all
    -- without a history of the status: given up at the latest when last changed
    select
        'leads' as stream,
        concat('lead:', one.lead_id, ':lost') as natural_key,
        'lead_lost' as event_kind,
        one.status as activity_raw,
        coalesce(one.modified_at, one.created_at) as occurred_at,
        'approx' as ts_quality,
        2 as order_hint,
        one._file_id,
        one._line
    from stg_salesforce__leads as one
    where lower(one.status) in ('closed - not converted', 'unqualified', 'disqualified')
        and not coalesce(one.is_converted, false)
        and coalesce(one.is_deleted, false) = false
        and one.lead_id not in (
            select lead_id
            from stg_salesforce__lead_history
            where field = 'Status'
        )
    union all
    select
        'lead_history' as stream,
        concat('lh:', history.history_id) as natural_key,
        case
            when lower(history.new_value) in ('closed - not converted', 'unqualified', 'disqualified') then 'lead_lost'
            else 'lead_stage_changed'
        end as event_kind,
        history.new_value as activity_raw,
        history.moved_at as occurred_at,
        'exact' as ts_quality,
        1 as order_hint,
        history._file_id,
        history._line
    from stg_salesforce__lead_history as history
    where history.field = 'Status'
        and history.new_value is not null
        and coalesce(history.is_deleted, false) = false
    union all
    select
        'contacts' as stream,
        concat('contact:', contact_id) as natural_key,
        'contact_created' as event_kind,
        'Contact created' as activity_raw,
        created_at as occurred_at,
        'exact' as ts_quality,
        0 as order_hint,
        _file_id,
        _line
    from stg_salesforce__contacts
    -- what was merged into another is deleted, and still somebody
    where coalesce(is_deleted, false) = false or master_id is not null

),

talk as (

    select
        'tasks' as stream,
        concat('task:', task_id) as natural_key,
        case
            when coalesce(subtype, kind) = 'Call' or kind = 'Call' then 'call'
            when coalesce(subtype, kind) in ('Email', 'ListEmail') or kind = 'Email' then 'email_out'
            when kind in ('Meeting', 'Demo') then 'meeting'
            else 'task_done'
        end as event_kind,
        coalesce(kind, subtype, 'Task') as activity_raw,
        coalesce(
            done_at,
            -- what was done ahead of its day was done when the task was last changed
            least(try_cast(due_text as timestamp), coalesce(stamped_at, try_cast(due_text as timestamp))),
            created_at
        ) as occurred_at,
        case
            when done_at is not null then 'exact'
            when try_cast(due_text as timestamp) is not null then 'date_only'
            else 'approx'
        end as ts_quality,
        case when call_type = 'Inbound' then 'customer' else 'agent' end as actor_type,
        case
            when coalesce(subtype, kind) = 'Call' or kind = 'Call' then 'phone'
            when coalesce(subtype, kind) in ('Email', 'ListEmail') or kind = 'Email' then 'email'
            else 'crm'
        end as channel,
        case
            when call_type = 'Inbound' then 'in'
            when call_type = 'Outbound' then 'out'
            when call_type = 'Internal' then 'internal'
            when coalesce(subtype, kind) in ('Email', 'ListEmail') or kind = 'Email' then 'out'
        end as direction,
        case when seconds is not null then concat('{"seconds": ', seconds, '}') end as attributes,
        _file_id,
        _line
    from stg_salesforce__tasks
    where is_closed and coalesce(is_deleted, false) = false
    union all
    select
        'meetings' as stream,
        concat('event:', event_id) as natural_key,
        'meeting' as event_kind,
        'Meeting' as activity_raw,
        try_cast(met_text as timestamp) as occurred_at,
        'exact' as ts_quality,
        'agent' as actor_type,
        'crm' as channel,
        cast(null as varchar) as direction,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_salesforce__meetings
    -- a child is the same meeting in the calendar of another; a pattern stands for a series and did not take place
    where coalesce(is_deleted, false) = false
        and coalesce(is_child, false) = false
        and coalesce(is_pattern, false) = false
        -- one that lies ahead of the export may yet be called off
        and try_cast(met_text as timestamp) <= coalesce(_snapshot_at, stamped_at)

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
    customer_type,
    case when kind is not null then concat('{"opportunity_type": "', kind, '"}') end as attributes,
    _file_id as file_id,
    _line as line
from int_salesforce__deal_event
union all
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
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as customer_type,
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from lead_event
union all
select
    stream,
    natural_key,
    event_kind,
    activity_raw,
    occurred_at,
    ts_quality,
    cast(3 as bigint) as order_hint,
    actor_type,
    channel,
    direction,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as customer_type,
    attributes,
    _file_id as file_id,
    _line as line
from talk
