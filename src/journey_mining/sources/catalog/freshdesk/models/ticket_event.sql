-- model: ticket_event
-- layer: events
-- grain: one row per event of a ticket, or more where versions of it repeat one
-- key: none
-- reads: int_freshdesk__ticket, stg_freshdesk__conversations, stg_freshdesk__ratings, stg_freshdesk__tickets, stg_freshdesk__tickets__version
-- why: the events of each ticket and whose they are, for identifiers and objects alike
select stream, concat('ticket:', ticket_id, ':created') as natural_key, ticket_id, contact_id
from int_freshdesk__ticket
union all
select stream, concat('ticket:', ticket_id, ':solved') as natural_key, ticket_id, contact_id
from int_freshdesk__ticket as ticket
where status in ('resolved', 'closed', 'решено', 'решен', 'закрыто', 'закрыт')
    and not exists (
        select 1 as found
        from stg_freshdesk__tickets__version as version
        where version.ticket_id = ticket.ticket_id
            and coalesce(version.resolved_at, version.closed_at) is not null
    )
union all
select
    'tickets' as stream,
    concat(
        'ticket:', ticket.ticket_id, ':solved:',
        cast(coalesce(version.resolved_at, version.closed_at) as varchar)
    ) as natural_key,
    ticket.ticket_id,
    ticket.contact_id
from stg_freshdesk__tickets as ticket
-- one to many
inner join stg_freshdesk__tickets__version as version on ticket.ticket_id = version.ticket_id
where coalesce(version.resolved_at, version.closed_at) is not null
union all
select
    stream,
    concat('ticket:', ticket_id, ':reopened:', cast(reopened_at as varchar)) as natural_key,
    ticket_id,
    contact_id
from int_freshdesk__ticket
where reopened_at is not null
union all
select
    'tickets' as stream,
    concat(
        'ticket:', ticket.ticket_id, ':', lower(version.status), ':',
        cast(version.moved_at as varchar)
    ) as natural_key,
    ticket.ticket_id,
    ticket.contact_id
from stg_freshdesk__tickets as ticket
-- one to many
inner join stg_freshdesk__tickets__version as version on ticket.ticket_id = version.ticket_id
where version.moved_at > version.created_at
    and version.status not in ('resolved', 'closed')
    and (version.reopened_at is null or version.moved_at <> version.reopened_at)
union all
select stream, concat('ticket:', ticket_id, ':first_reply') as natural_key, ticket_id, contact_id
from int_freshdesk__ticket as ticket
where first_reply_at is not null
    and not exists (
        select 1 as found
        from stg_freshdesk__conversations as message
        where message.ticket_id = ticket.ticket_id
    )
union all
select
    'conversations' as stream,
    concat('message:', message.message_id) as natural_key,
    message.ticket_id,
    case
        when message.is_incoming then coalesce(message.user_id, ticket.contact_id)
        else ticket.contact_id
    end as contact_id
from stg_freshdesk__conversations as message
-- many to at most one
left join int_freshdesk__ticket as ticket on message.ticket_id = ticket.ticket_id
where not message.is_private and coalesce(message.origin, '0') <> '6'
union all
select
    'ratings' as stream,
    concat('rating:', rating.rating_id) as natural_key,
    rating.ticket_id,
    coalesce(rating.contact_id, ticket.contact_id) as contact_id
from stg_freshdesk__ratings as rating
-- many to at most one
left join int_freshdesk__ticket as ticket on rating.ticket_id = ticket.ticket_id
where abs(rating.rating) between 100 and 103
union all
select stream, concat('ticket:', ticket_id, ':csat') as natural_key, ticket_id, contact_id
from int_freshdesk__ticket as ticket
where survey in (
        'extremely happy', 'very happy', 'happy', 'neutral', 'unhappy', 'very unhappy',
        'extremely unhappy'
    )
    and not exists (
        select 1 as found
        from stg_freshdesk__ratings as rating
        where rating.ticket_id = ticket.ticket_id
    )
