-- model: events
-- layer: events
-- grain: one row per ticket opened, reply, change of status, solving, reopening, rating
-- key: stream, natural_key
-- reads: int_zendesk__change, int_zendesk__reply, stg_zendesk__metrics, stg_zendesk__ratings, stg_zendesk__tickets, stg_zendesk__tickets__tags, stg_zendesk__tickets__version, stg_zendesk__users
-- why: ticket events date every move; without them solving is dated by metrics, else by the change that first showed it, as for ratings
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

solved_change as (

    select ticket_id
    from int_zendesk__change
    where status in ('solved', 'closed')
    group by ticket_id

),

rating as (

    select
        ticket_id,
        max(coalesce(updated_at, created_at)) as rated_at
    from stg_zendesk__ratings
    where score like 'good%' or score like 'bad%'
    group by ticket_id

),

mark as (

    select
        ticket_id,
        max(case when item = 'closed_by_merge' then 1 else 0 end) as is_merged,
        max(case when lower(item) in ('test', 'тест') then 1 else 0 end) as is_test
    from stg_zendesk__tickets__tags
    group by ticket_id

),

told as (

    select
        ticket.ticket_id,
        ticket.requester_id,
        ticket.created_at,
        coalesce(ticket.solved_at, metric.solved_at) as solved_at,
        metric.reopens,
        metric.first_reply_minutes,
        case when solved_change.ticket_id is not null then 1 else 0 end as is_solving_told,
        coalesce(mark.is_merged, 0) as is_merged,
        rating.rated_at as exactly_rated_at,
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
        case
            when requester.role in ('agent', 'admin') then 'internal'
            when mark.is_test = 1 then 'test'
        end as exclude,
        case
            when requester.role in ('agent', 'admin') then 'agent requester'
            when mark.is_test = 1 then 'tag test'
        end as exclude_reason
    from stg_zendesk__tickets as ticket
    -- one to one
    left join first_so on ticket.ticket_id = first_so.ticket_id
    -- one to at most one
    left join matter on ticket.ticket_id = matter.ticket_id
    -- many to at most one
    left join stg_zendesk__users as requester on ticket.requester_id = requester.user_id
    -- one to at most one
    left join stg_zendesk__metrics as metric on ticket.ticket_id = metric.ticket_id
    -- one to at most one
    left join solved_change on ticket.ticket_id = solved_change.ticket_id
    -- one to at most one
    left join rating on ticket.ticket_id = rating.ticket_id
    -- one to at most one
    left join mark on ticket.ticket_id = mark.ticket_id

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
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from told
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':solved') as natural_key,
    case when is_merged = 1 then 'ticket_merged' else 'ticket_solved' end as event_kind,
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
    case
        when reopens is not null
            then concat(
                '{"reopens": ', cast(reopens as varchar), ', "first_reply_minutes": ',
                coalesce(cast(first_reply_minutes as varchar), 'null'), '}'
            )
    end as attributes,
    _file_id as file_id,
    _line as line
from told
where status in ('solved', 'closed') and is_solving_told = 0
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':csat') as natural_key,
    'csat' as event_kind,
    activity as activity_raw,
    coalesce(exactly_rated_at, rated_at) as occurred_at,
    case when exactly_rated_at is null then 'approx' else 'exact' end as ts_quality,
    cast(2 as bigint) as order_hint,
    requester_type as actor_type,
    channel,
    'in' as direction,
    csat as score_raw,
    case when csat like 'good%' then 1.0 else 0.0 end as score_norm,
    exclude,
    exclude_reason,
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from told
where csat like 'good%' or csat like 'bad%'
union all
select
    'changes' as stream,
    concat('change:', change.change_id) as natural_key,
    case
        when change.status in ('solved', 'closed') and told.is_merged = 1 then 'ticket_merged'
        when change.status in ('solved', 'closed') then 'ticket_solved'
        when change.previous in ('solved', 'closed') then 'ticket_reopened'
        else 'ticket_status_changed'
    end as event_kind,
    told.activity as activity_raw,
    change.changed_at as occurred_at,
    'exact' as ts_quality,
    coalesce(try_cast(change.change_id as bigint), 1) as order_hint,
    case
        when change.author_id = told.requester_id then told.requester_type
        when change.status in ('solved', 'closed') and coalesce(change.author_id, '-1') <> '-1'
            then 'agent'
        else 'system'
    end as actor_type,
    told.channel,
    case
        when change.author_id = told.requester_id then 'in'
        when change.status in ('solved', 'closed') then 'out'
        else 'internal'
    end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    told.exclude,
    told.exclude_reason,
    concat('{"status": "', change.status, '"}') as attributes,
    change._file_id as file_id,
    change._line as line
from int_zendesk__change as change
-- many to one
inner join told on change.ticket_id = told.ticket_id
union all
select
    reply.stream,
    concat('comment:', reply.comment_id) as natural_key,
    'ticket_reply' as event_kind,
    told.activity as activity_raw,
    reply.created_at as occurred_at,
    'exact' as ts_quality,
    coalesce(try_cast(reply.comment_id as bigint), 1) as order_hint,
    reply.author as actor_type,
    told.channel,
    case when reply.author = 'customer' then 'in' else 'out' end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    told.exclude,
    told.exclude_reason,
    cast(null as varchar) as attributes,
    reply._file_id as file_id,
    reply._line as line
from int_zendesk__reply as reply
-- many to one
inner join told on reply.ticket_id = told.ticket_id
where reply.is_opening = 0
