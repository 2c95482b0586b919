-- model: event_texts
-- layer: events
-- grain: one row per message of a client
-- key: stream, natural_key
-- reads: int_usedesk__talk, stg_usedesk__tickets
-- why: what clients write; private comments and answers of staff are not quoted
select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, ':created') as natural_key,
    -- the subject often repeats the message
    case
        when talk.body is null or talk.body = ticket.subject then ticket.subject
        else concat_ws(chr(10), ticket.subject, talk.body)
    end as text
from stg_usedesk__tickets as ticket
-- one to at most one
left join int_usedesk__talk as talk on ticket.ticket_id = talk.ticket_id and talk.comment_no = 1
where coalesce(talk.side, 'client') = 'client'
    and coalesce(ticket.subject, talk.body) is not null
union all
select
    'comments' as stream,
    concat('comment:', comment_id) as natural_key,
    body as text
from int_usedesk__talk
where comment_no > 1 and side = 'client' and body is not null
