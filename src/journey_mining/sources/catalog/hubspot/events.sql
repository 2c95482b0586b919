-- model: events
-- layer: events
-- grain: one row per contact or deal made, move of a deal or contact, talk, and form sent
-- key: stream, natural_key
-- reads: stg_hubspot__calls, stg_hubspot__contacts, stg_hubspot__contacts_api, stg_hubspot__deals, stg_hubspot__deals__version, stg_hubspot__deals_api, stg_hubspot__emails, stg_hubspot__form_submissions, stg_hubspot__lifecycle, stg_hubspot__meetings, stg_hubspot__pipelines, stg_hubspot__stage_entries, stg_hubspot__stage_history
-- why: a deal is told by the best of what came of it: its history, its dates of entry, or what lists showed
with

stage_name as (

    -- ids of stages are unique in an account; should one repeat, the first pipeline is taken
    select
        stage_id,
        stage,
        pipeline,
        is_won,
        is_lost
    from (
        select
            stage_id,
            stage,
            pipeline,
            case when is_closed and probability = 1 then 1 else 0 end as is_won,
            case when is_closed and coalesce(probability, 0) < 1 then 1 else 0 end as is_lost,
            row_number() over (partition by stage_id order by pipeline_id) as place
        from stg_hubspot__pipelines
    ) as placed
    where place = 1

),

final_label as (

    select
        stage_key,
        max(case when is_closed and probability = 1 then 1 else 0 end) as is_won,
        max(case when is_closed and coalesce(probability, 0) < 1 then 1 else 0 end) as is_lost
    from stg_hubspot__pipelines
    group by stage_key

),

told_move as (

    select
        'stage_history' as stream,
        concat('deal:', deal_id, ':', stage_id, ':', moved_text) as natural_key,
        deal_id,
        stage_id,
        moved_at,
        'exact' as ts_quality,
        _file_id,
        _line
    from stg_hubspot__stage_history
    union all
    -- only the last entry into each stage is known: how often a deal came back is not
    select
        'stage_entries' as stream,
        concat('deal:', entry.deal_id, ':', replace(entry.property, 'hs_v2_date_entered_', '')) as natural_key,
        entry.deal_id,
        replace(entry.property, 'hs_v2_date_entered_', '') as stage_id,
        cast(replace(replace(entry.entered_text, 'T', ' '), 'Z', '') as timestamp) as moved_at,
        'exact' as ts_quality,
        entry._file_id,
        entry._line
    from stg_hubspot__stage_entries as entry
    where entry.property like 'hs_v2_date_entered_%'
        and entry.entered_text is not null
        and not exists (
            select 1 as found
            from stg_hubspot__stage_history as history
            where history.deal_id = entry.deal_id
        )
    union all
    -- neither history nor dates: the stage it has now, when it was last changed
    select
        'deals_api' as stream,
        concat('deal:', deal.deal_id, ':now') as natural_key,
        deal.deal_id,
        deal.stage_id,
        coalesce(deal.modified_at, deal.created_at) as moved_at,
        'approx' as ts_quality,
        deal._file_id,
        deal._line
    from stg_hubspot__deals_api as deal
    where deal.stage_id is not null
        and not exists (
            select 1 as found
            from stg_hubspot__stage_history as history
            where history.deal_id = deal.deal_id
        )
        and not exists (
            select 1 as found
            from stg_hubspot__stage_entries as entry
            where entry.deal_id = deal.deal_id
                and entry.property like 'hs_v2_date_entered_%'
                and entry.entered_text is not null
        )

),

listed_deal as (

    -- deals that only the list export knows
    select
        deal.deal_id,
        deal.pipeline,
        deal.amount,
        deal.currency,
        deal.customer_type,
        deal.deal_type,
        deal.created_at,
        deal._file_id,
        deal._line
    from stg_hubspot__deals as deal
    where not exists (
        select 1 as found
        from stg_hubspot__deals_api as known
        where known.deal_id = deal.deal_id
    )

),

shown_stage as (

    select
        deal_id,
        stage,
        stage_key,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at,
        lag(stage_key) over (
            partition by deal_id
            order by coalesce(modified_at, _snapshot_at, created_at), _snapshot_at, _row_hash
        ) as stage_before,
        _row_hash,
        _file_id,
        _line
    from stg_hubspot__deals__version

),

shown_move as (

    -- a stage that differs from the one in the list before: the deal moved at last when that list says it was changed
    select
        shown_stage.deal_id,
        shown_stage.stage,
        shown_stage.stage_key,
        shown_stage.seen_at,
        row_number() over (
            partition by shown_stage.deal_id, shown_stage.stage_key
            order by shown_stage.seen_at, shown_stage._row_hash
        ) as entry_no,
        listed_deal.pipeline,
        listed_deal.amount,
        listed_deal.currency,
        listed_deal.customer_type,
        listed_deal.deal_type,
        shown_stage._file_id,
        shown_stage._line
    from shown_stage
    -- many to one
    inner join listed_deal on shown_stage.deal_id = listed_deal.deal_id
    where shown_stage.stage_before is null or shown_stage.stage_before <> shown_stage.stage_key

),

deal_event as (

    select
        told_move.stream,
        told_move.natural_key,
        case
            when coalesce(stage_name.is_won, case when told_move.stage_id = 'closedwon' then 1 end) = 1
                then 'deal_won'
            when coalesce(stage_name.is_lost, case when told_move.stage_id = 'closedlost' then 1 end) = 1
                then 'deal_lost'
            else 'deal_stage_changed'
        end as event_kind,
        coalesce(stage_name.stage, told_move.stage_id) as activity_raw,
        told_move.moved_at as occurred_at,
        told_move.ts_quality,
        1 as order_hint,
        deal.amount,
        deal.currency,
        coalesce(stage_name.pipeline, deal.pipeline_id) as pipeline,
        deal.customer_type,
        deal.deal_type,
        told_move._file_id,
        told_move._line
    from told_move
    -- many to one: moves of archived deals are left out with their deal
    inner join stg_hubspot__deals_api as deal on told_move.deal_id = deal.deal_id
    -- many to at most one
    left join stage_name on told_move.stage_id = stage_name.stage_id
    union all
    select
        'deals_api' as stream,
        concat('deal:', deal.deal_id, ':created') as natural_key,
        'deal_created' as event_kind,
        'Deal created' as activity_raw,
        deal.created_at as occurred_at,
        'exact' as ts_quality,
        0 as order_hint,
        deal.amount,
        deal.currency,
        coalesce(stage_name.pipeline, deal.pipeline_id) as pipeline,
        deal.customer_type,
        deal.deal_type,
        deal._file_id,
        deal._line
    from stg_hubspot__deals_api as deal
    -- many to at most one
    left join stage_name on deal.stage_id = stage_name.stage_id
    union all
    select
        'deals' as stream,
        concat('deal:', deal_id, ':created') as natural_key,
        'deal_created' as event_kind,
        'Deal created' as activity_raw,
        created_at as occurred_at,
        'exact' as ts_quality,
        0 as order_hint,
        amount,
        currency,
        pipeline,
        customer_type,
        deal_type,
        _file_id,
        _line
    from listed_deal
    union all
    select
        'deals' as stream,
        concat('deal:', shown_move.deal_id, ':', shown_move.stage, ':', shown_move.entry_no) as natural_key,
        -- without the dump of pipelines, the names that the system ships with
        case
            when coalesce(final_label.is_won, case when lower(shown_move.stage) = 'closed won' then 1 end) = 1
                then 'deal_won'
            when coalesce(final_label.is_lost, case when lower(shown_move.stage) = 'closed lost' then 1 end) = 1
                then 'deal_lost'
            else 'deal_stage_changed'
        end as event_kind,
        shown_move.stage as activity_raw,
        shown_move.seen_at as occurred_at,
        'approx' as ts_quality,
        1 as order_hint,
        shown_move.amount,
        shown_move.currency,
        shown_move.pipeline,
        shown_move.customer_type,
        shown_move.deal_type,
        shown_move._file_id,
        shown_move._line
    from shown_move
    -- many to at most one
    left join final_label on shown_move.stage_key = final_label.stage_key

),

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
from deal_event
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
