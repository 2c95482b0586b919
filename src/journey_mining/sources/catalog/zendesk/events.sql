-- model: events
-- layer: events
-- grain: one row per ticket opened, per ticket solved, per rating given
-- key: stream, natural_key
-- reads: stg_zendesk__tickets, stg_zendesk__tickets__tags, stg_zendesk__tickets__version, stg_zendesk__users
-- why: a ticket is up to three events; unless the export dates solving, the change that first showed it does, as for ratings
with

seen_version as (

    select
        ticket_id,
        coalesce(updated_at, created_at) as seen_at,
        case when status in ('solved', 'closed') then 'done' else 'under way' end as state,
        case
            when csat like 'good%' then 'good'
            when csat like 'bad%' then 'bad'
            else 'none'
        end as rating
    from stg_zendesk__tickets__version

),

told_version as (

    -- which of the versions show the ticket as it is now
    select
        seen_version.ticket_id,
        seen_version.seen_at,
        case when seen_version.state = 'done' then 1 else 0 end as is_done,
        case
            when ticket.csat like concat(seen_version.rating, '%') then 1
            else 0
        end as is_rated_so
    from seen_version
    -- many to one
    inner join stg_zendesk__tickets as ticket on seen_version.ticket_id = ticket.ticket_id

),

last_otherwise as (

    select
        ticket_id,
        max(case when is_done = 0 then seen_at end) as under_way_at,
        max(case when is_rated_so = 0 then seen_at end) as otherwise_rated_at
    from told_version
    group by ticket_id

),

first_so as (

    -- a ticket that was opened again is solved when it was solved for good
    select
        told_version.ticket_id,
        min(case
            when told_version.is_done = 1
                and told_version.seen_at >= coalesce(last_otherwise.under_way_at, told_version.seen_at)
                then told_version.seen_at
        end) as done_at,
        min(case
            when told_version.is_rated_so = 1
                and told_version.seen_at
                >= coalesce(last_otherwise.otherwise_rated_at, told_version.seen_at)
                then told_version.seen_at
        end) as rated_at
    from told_version
    -- many to one
    inner join last_otherwise on told_version.ticket_id = last_otherwise.ticket_id
    group by told_version.ticket_id

),

matter as (

    -- the tag that says what a ticket is about; list your own tags here
    select
        ticket_id,
        min(item) as tag
    from stg_zendesk__tickets__tags
    where item in ('presale', 'onboarding', 'support', 'incident', 'billing')
    group by ticket_id

),

told as (

    select
        ticket.ticket_id,
        ticket.created_at,
        ticket.solved_at,
        coalesce(first_so.done_at, ticket.updated_at, ticket.created_at) as done_at,
        coalesce(first_so.rated_at, ticket.updated_at, ticket.created_at) as rated_at,
        ticket.status,
        ticket.csat,
        ticket._file_id,
        ticket._line,
        case
            when matter.tag is null then 'Тикет'
            else concat('Тикет: ', matter.tag)
        end as activity,
        case
            when ticket.via in ('voice', 'phone') then 'phone'
            when ticket.via in ('chat', 'native_messaging', 'whatsapp', 'telegram') then 'chat'
            when ticket.via in ('email', 'mail') then 'email'
            else 'portal'
        end as channel,
        case
            when requester.role in ('agent', 'admin') then 'agent'
            else 'customer'
        end as requester_type,
        case when requester.role in ('agent', 'admin') then 'internal' end as exclude,
        case when requester.role in ('agent', 'admin') then 'agent requester' end as exclude_reason
    from stg_zendesk__tickets as ticket
    -- one to one
    left join first_so on ticket.ticket_id = first_so.ticket_id
    -- one to at most one
    left join matter on ticket.ticket_id = matter.ticket_id
    -- many to at most one
    left join stg_zendesk__users as requester on ticket.requester_id = requester.user_id

)

select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':created') as natural_key,
    'ticket_created' as event_kind,
    activity as activity_raw,
    created_at as occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    requester_type as actor_type,
    channel,
    'in' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    exclude,
    exclude_reason,
    _file_id as file_id,
    _line as line
from told
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':solved') as natural_key,
    'ticket_solved' as event_kind,
    activity as activity_raw,
    coalesce(solved_at, done_at) as occurred_at,
    case when solved_at is null then 'approx' else 'exact' end as ts_quality,
    cast(1 as bigint) as order_hint,
    'agent' as actor_type,
    channel,
    'out' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    exclude,
    exclude_reason,
    _file_id as file_id,
    _line as line
from told
where status in ('solved', 'closed')
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':csat') as natural_key,
    'csat' as event_kind,
    activity as activity_raw,
    rated_at as occurred_at,
    'approx' as ts_quality,
    cast(2 as bigint) as order_hint,
    requester_type as actor_type,
    channel,
    'in' as direction,
    csat as score_raw,
    case when csat like 'good%' then 1.0 else 0.0 end as score_norm,
    exclude,
    exclude_reason,
    _file_id as file_id,
    _line as line
from told
where csat like 'good%' or csat like 'bad%'
