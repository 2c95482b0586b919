-- model: events
-- layer: events
-- grain: one row per contact or deal made, move of a deal or contact, talk, and form sent
-- key: stream, natural_key
-- reads: int_hubspot__deal_event, stg_hubspot__calls, stg_hubspot__contacts, stg_hubspot__contacts_api, stg_hubspot__emails, stg_hubspot__form_submissions, stg_hubspot__lifecycle, stg_hubspot__meetings
-- why: a deal is told by the best of what came of it: its history, its dates of entry, or what lists showed
with

contact_event as (

    select
        'contacts_api' as stream,
        concat('contact:', contact_id) as natural_key,
        'contact_created' as event_kind,
        'Contact created' as activity_raw,
        created_at as occurred_at,
        _file_id,
        _line
    from stg_hubspot__contacts_api
    union all
    select
        'contacts' as stream,
        concat('contact:', contact.contact_id) as natural_key,
        'contact_created' as event_kind,
        'Contact created' as activity_raw,
        contact.created_at as occurred_at,
        contact._file_id,
        contact._line
    from stg_hubspot__contacts as contact
    where not exists (
        select 1 as found
        from stg_hubspot__contacts_api as known
        where known.contact_id = contact.contact_id
    )
    union all
    select
        'lifecycle' as stream,
        concat('contact:', moved.contact_id, ':', moved.stage, ':', moved.moved_text) as natural_key,
        'lead_stage_changed' as event_kind,
        moved.stage as activity_raw,
        moved.moved_at as occurred_at,
        moved._file_id,
        moved._line
    from stg_hubspot__lifecycle as moved
    -- many to one: contacts that were archived are left out
    inner join stg_hubspot__contacts_api as contact on moved.contact_id = contact.contact_id

),

talk as (

    select
        'calls' as stream,
        concat('call:', call_id) as natural_key,
        'call' as event_kind,
        'Call' as activity_raw,
        called_at as occurred_at,
        case when direction = 'INBOUND' then 'customer' else 'agent' end as actor_type,
        'phone' as channel,
        case when direction = 'INBOUND' then 'in' when direction = 'OUTBOUND' then 'out' end as direction,
        concat(
            '{"status": "', coalesce(status, ''), '", "seconds": ',
            coalesce(cast(cast(duration_ms / 1000 as bigint) as varchar), 'null'), '}'
        ) as attributes,
        _file_id,
        _line
    from stg_hubspot__calls
    union all
    select
        'emails' as stream,
        concat('email:', email_id) as natural_key,
        case when direction in ('INCOMING_EMAIL', 'FORWARDED_EMAIL') then 'email_in' else 'email_out' end as event_kind,
        'Email' as activity_raw,
        sent_at as occurred_at,
        case when direction in ('INCOMING_EMAIL', 'FORWARDED_EMAIL') then 'customer' else 'agent' end as actor_type,
        'email' as channel,
        case when direction in ('INCOMING_EMAIL', 'FORWARDED_EMAIL') then 'in' else 'out' end as direction,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_hubspot__emails
    -- drafts and mails that never left reached nobody
    where coalesce(status, 'SENT') not in ('SCHEDULED', 'SENDING', 'FAILED')
    union all
    select
        'meetings' as stream,
        concat('meeting:', meeting_id) as natural_key,
        'meeting' as event_kind,
        'Meeting' as activity_raw,
        try_cast(met_text as timestamp) as occurred_at,
        'agent' as actor_type,
        'crm' as channel,
        cast(null as varchar) as direction,
        concat('{"outcome": "', coalesce(outcome, ''), '"}') as attributes,
        _file_id,
        _line
    from stg_hubspot__meetings
    -- what was called off or moved did not happen then
    where coalesce(outcome, '') not in ('CANCELED', 'RESCHEDULED')
        -- one that lies ahead of the export may yet be called off
        and (outcome = 'COMPLETED' or try_cast(met_text as timestamp) <= coalesce(_snapshot_at, modified_at))
        and try_cast(met_text as timestamp) is not null

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
    cast(null as varchar) as url_host,
    cast(null as varchar) as url_path,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    case when deal_type is not null then concat('{"deal_type": "', deal_type, '"}') end as attributes,
    _file_id as file_id,
    _line as line
from int_hubspot__deal_event
union all
select
    stream,
    natural_key,
    event_kind,
    activity_raw,
    occurred_at,
    'exact' as ts_quality,
    cast(case when event_kind = 'contact_created' then 0 else 1 end as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(null as varchar) as direction,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    cast(null as varchar) as url_host,
    cast(null as varchar) as url_path,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from contact_event
union all
select
    stream,
    natural_key,
    event_kind,
    activity_raw,
    occurred_at,
    'exact' as ts_quality,
    cast(2 as bigint) as order_hint,
    actor_type,
    channel,
    direction,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    cast(null as varchar) as url_host,
    cast(null as varchar) as url_path,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    attributes,
    _file_id as file_id,
    _line as line
from talk
union all
select
    'form_submissions' as stream,
    concat('form:', conversion_id) as natural_key,
    'form_submitted' as event_kind,
    'Form' as activity_raw,
    submitted_at as occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    'customer' as actor_type,
    'web' as channel,
    'in' as direction,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    url_host,
    url_path,
    utm_source,
    utm_medium,
    utm_campaign,
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from stg_hubspot__form_submissions
