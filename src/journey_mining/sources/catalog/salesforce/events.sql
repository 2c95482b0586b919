-- model: events
-- layer: events
-- grain: one row per lead, contact or opportunity made, move of one of these, task done and meeting
-- key: stream, natural_key
-- reads: stg_salesforce__accounts, stg_salesforce__contacts, stg_salesforce__field_history, stg_salesforce__lead_history, stg_salesforce__leads, stg_salesforce__meetings, stg_salesforce__opportunities, stg_salesforce__opportunity_history, stg_salesforce__report, stg_salesforce__report__version, stg_salesforce__stages, stg_salesforce__tasks
-- why: an opportunity is told by the best of what came of it: its history, tracked fields, or what reports showed
with

deleted_opportunity as (

    select opportunity_id
    from stg_salesforce__opportunities
    where is_deleted

),

final_stage as (

    select
        stage,
        max(case when is_won then 1 else 0 end) as is_won,
        max(case when is_closed and not coalesce(is_won, false) then 1 else 0 end) as is_lost
    from stg_salesforce__stages
    group by stage

),

told_stage as (

    -- each row of the history says the stage, also where only the amount or the date was changed
    select
        history_id,
        opportunity_id,
        stage,
        lag(stage) over (partition by opportunity_id order by moved_at, history_id) as stage_before,
        forecast,
        probability,
        amount,
        moved_at,
        _file_id,
        _line
    from stg_salesforce__opportunity_history
    where coalesce(is_deleted, false) = false

),

shown_stage as (

    select
        opportunity_id,
        stage,
        amount,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at,
        lag(stage) over (
            partition by opportunity_id
            order by coalesce(modified_at, _snapshot_at, created_at), _snapshot_at, _row_hash
        ) as stage_before,
        _row_hash,
        _file_id,
        _line
    from stg_salesforce__report__version

),

move as (

    select
        'opportunity_history' as stream,
        concat('oh:', history_id) as natural_key,
        opportunity_id,
        stage,
        -- without the table of stages, the forecast that closed stages come with
        case when forecast = 'Closed' and probability = 100 then 1 else 0 end as looks_won,
        case when forecast = 'Omitted' and probability = 0 then 1 else 0 end as looks_lost,
        amount,
        moved_at,
        'exact' as ts_quality,
        _file_id,
        _line
    from told_stage
    where stage_before is null or stage_before <> stage
    union all
    select
        'field_history' as stream,
        concat('ofh:', history.history_id) as natural_key,
        history.opportunity_id,
        history.new_value as stage,
        case when lower(history.new_value) = 'closed won' then 1 else 0 end as looks_won,
        case when lower(history.new_value) = 'closed lost' then 1 else 0 end as looks_lost,
        cast(null as decimal(18, 2)) as amount,
        history.moved_at,
        'exact' as ts_quality,
        history._file_id,
        history._line
    from stg_salesforce__field_history as history
    where history.field = 'StageName'
        and history.new_value is not null
        and coalesce(history.is_deleted, false) = false
        and history.opportunity_id not in (select opportunity_id from told_stage)
    union all
    select
        'opportunities' as stream,
        concat('opportunity:', opportunity.opportunity_id, ':now') as natural_key,
        opportunity.opportunity_id,
        opportunity.stage,
        case when opportunity.is_won then 1 else 0 end as looks_won,
        case when opportunity.is_closed and not coalesce(opportunity.is_won, false) then 1 else 0 end as looks_lost,
        opportunity.amount,
        coalesce(opportunity.stage_at, opportunity.modified_at, opportunity.created_at) as moved_at,
        case when opportunity.stage_at is null then 'approx' else 'exact' end as ts_quality,
        opportunity._file_id,
        opportunity._line
    from stg_salesforce__opportunities as opportunity
    where opportunity.opportunity_id not in (select opportunity_id from told_stage)
        and opportunity.opportunity_id not in (
            select opportunity_id
            from stg_salesforce__field_history
            where field = 'StageName'
                and new_value is not null
                and coalesce(is_deleted, false) = false
        )
    union all
    -- a stage that differs from the one in the report before
    select
        'report' as stream,
        concat(
            'opportunity:', opportunity_id, ':', stage, ':',
            row_number() over (partition by opportunity_id, stage order by seen_at, _row_hash)
        ) as natural_key,
        opportunity_id,
        stage,
        case when lower(stage) = 'closed won' then 1 else 0 end as looks_won,
        case when lower(stage) = 'closed lost' then 1 else 0 end as looks_lost,
        amount,
        seen_at as moved_at,
        'approx' as ts_quality,
        _file_id,
        _line
    from shown_stage
    where (stage_before is null or stage_before <> stage)
        and opportunity_id not in (select opportunity_id from told_stage)
        and opportunity_id not in (select opportunity_id from stg_salesforce__opportunities)

),

deal_event as (

    select
        move.stream,
        move.natural_key,
        case
            when coalesce(final_stage.is_won, move.looks_won) = 1 then 'deal_won'
            when coalesce(final_stage.is_lost, move.looks_lost) = 1 then 'deal_lost'
            else 'deal_stage_changed'
        end as event_kind,
        move.stage as activity_raw,
        move.moved_at as occurred_at,
        move.ts_quality,
        1 as order_hint,
        coalesce(move.amount, opportunity.amount) as amount,
        opportunity.currency,
        account.kind as customer_type,
        opportunity.kind,
        move._file_id,
        move._line
    from move
    -- many to at most one
    left join final_stage on move.stage = final_stage.stage
    -- many to at most one: histories may come without the opportunities
    left join stg_salesforce__opportunities as opportunity on move.opportunity_id = opportunity.opportunity_id
    -- many to at most one
    left join stg_salesforce__accounts as account on opportunity.account_id = account.account_id
    where move.opportunity_id not in (select opportunity_id from deleted_opportunity)
    union all
    select
        'opportunities' as stream,
        concat('opportunity:', opportunity.opportunity_id, ':created') as natural_key,
        'deal_created' as event_kind,
        'Opportunity created' as activity_raw,
        opportunity.created_at as occurred_at,
        'exact' as ts_quality,
        0 as order_hint,
        opportunity.amount,
        opportunity.currency,
        account.kind as customer_type,
        opportunity.kind,
        opportunity._file_id,
        opportunity._line
    from stg_salesforce__opportunities as opportunity
    -- many to at most one
    left join stg_salesforce__accounts as account on opportunity.account_id = account.account_id
    where coalesce(opportunity.is_deleted, false) = false
    union all
    select
        'report' as stream,
        concat('opportunity:', opportunity_id, ':created') as natural_key,
        'deal_created' as event_kind,
        'Opportunity created' as activity_raw,
        created_at as occurred_at,
        -- many reports show the day only
        case when created_at = date_trunc('day', created_at) then 'date_only' else 'exact' end as ts_quality,
        0 as order_hint,
        amount,
        currency,
        cast(null as varchar) as customer_type,
        kind,
        _file_id,
        _line
    from stg_salesforce__report
    where opportunity_id not in (select opportunity_id from stg_salesforce__opportunities)

),

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
from deal_event
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
