-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: stg_zendesk__tickets, stg_zendesk__users, stg_zendesk__changes, stg_zendesk__comments
-- why: binds the events of one ticket, and the tickets of one organisation
with

change as (

    select
        told.change_id,
        told.ticket_id,
        coalesce(told.status, told.value) as status
    from stg_zendesk__changes as told
    -- many to one: changes of deleted tickets are left out
    inner join stg_zendesk__tickets as ticket on told.ticket_id = ticket.ticket_id
    where told.kind = 'Change'
        and (told.status is not null or told.field = 'status')
        and coalesce(told.changed_at, told.told_at) is not null
        -- closing a solved ticket some days later is no new fact
        and not (coalesce(told.status, told.value) = 'closed' and coalesce(told.previous, '') = 'solved')
        and coalesce(told.status, told.value) <> coalesce(told.previous, '')
        and coalesce(told.status, told.value) <> 'deleted'

),

said as (

    select
        'changes' as stream,
        change_id as comment_id,
        ticket_id,
        author_id,
        coalesce(changed_at, told_at) as created_at
    from stg_zendesk__changes
    where kind = 'Comment' and is_public and body is not null
        and coalesce(changed_at, told_at) is not null
    union all
    select
        'comments' as stream,
        comment.comment_id,
        comment.ticket_id,
        comment.author_id,
        comment.created_at
    from stg_zendesk__comments as comment
    where comment.is_public
        and comment.body is not null
        -- a comment has the same number in both exports
        and not exists (
            select 1 as found
            from stg_zendesk__changes as change
            where change.change_id = comment.comment_id and change.kind = 'Comment'
        )

),

reply as (

    select
        said.stream,
        said.comment_id,
        said.ticket_id,
        said.author_id,
        said.created_at,
        -- the first comment is the description of the ticket
        case
            when row_number() over (
                partition by said.ticket_id
                order by said.created_at, length(said.comment_id), said.comment_id
            ) = 1
            and said.created_at <= ticket.created_at + interval '60' second
                then 1
            else 0
        end as is_opening,
        case
            when said.author_id = ticket.requester_id then 'customer'
            when writer.role in ('agent', 'admin') then 'agent'
            when writer.role = 'end-user' then 'customer'
            when said.author_id = '-1' then 'bot'
            else 'agent'
        end as author
    from said
    -- many to one: what was said in deleted tickets is left out
    inner join stg_zendesk__tickets as ticket on said.ticket_id = ticket.ticket_id
    -- many to at most one
    left join stg_zendesk__users as writer on said.author_id = writer.user_id

),

happened as (

    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':created') as natural_key,
        ticket_id
    from stg_zendesk__tickets
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket.ticket_id, ':solved') as natural_key,
        ticket.ticket_id
    from stg_zendesk__tickets as ticket
    where ticket.status in ('solved', 'closed')
        and not exists (
            select 1 as found
            from change
            where change.ticket_id = ticket.ticket_id and change.status in ('solved', 'closed')
        )
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':csat') as natural_key,
        ticket_id
    from stg_zendesk__tickets
    where csat like 'good%' or csat like 'bad%'
    union all
    select
        'changes' as stream,
        concat('change:', change.change_id) as natural_key,
        change.ticket_id
    from change
    union all
    select
        reply.stream,
        concat('comment:', reply.comment_id) as natural_key,
        reply.ticket_id
    from reply
    where reply.is_opening = 0

)

select
    stream,
    natural_key,
    'ticket' as object_type,
    ticket_id as object_id,
    'subject' as qualifier
from happened
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    ticket.org_id as object_id,
    'account' as qualifier
from happened
-- many to one
inner join stg_zendesk__tickets as ticket on happened.ticket_id = ticket.ticket_id
where ticket.org_id is not null
