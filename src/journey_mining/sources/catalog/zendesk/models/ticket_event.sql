-- model: ticket_event
-- layer: events
-- grain: one row per event of a ticket
-- key: stream, natural_key
-- reads: int_zendesk__change, int_zendesk__reply, stg_zendesk__tickets
-- why: the events of each ticket and whose they are, for identifiers and objects alike
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':created') as natural_key,
    ticket_id,
    requester_id
from stg_zendesk__tickets
union all
select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, ':solved') as natural_key,
    ticket.ticket_id,
    ticket.requester_id
from stg_zendesk__tickets as ticket
where ticket.status in ('solved', 'closed')
    and not exists (
        select 1 as found
        from int_zendesk__change as change
        where change.ticket_id = ticket.ticket_id and change.status in ('solved', 'closed')
    )
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':csat') as natural_key,
    ticket_id,
    requester_id
from stg_zendesk__tickets
where csat like 'good%' or csat like 'bad%'
union all
select
    'changes' as stream,
    concat('change:', change.change_id) as natural_key,
    change.ticket_id,
    ticket.requester_id
from int_zendesk__change as change
-- many to one
inner join stg_zendesk__tickets as ticket on change.ticket_id = ticket.ticket_id
union all
select
    reply.stream,
    concat('comment:', reply.comment_id) as natural_key,
    reply.ticket_id,
    -- somebody else who joins in is himself
    case when reply.author = 'customer' then reply.author_id else ticket.requester_id end as requester_id
from int_zendesk__reply as reply
-- many to one
inner join stg_zendesk__tickets as ticket on reply.ticket_id = ticket.ticket_id
where reply.is_opening = 0
