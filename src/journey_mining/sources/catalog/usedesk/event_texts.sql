-- model: event_texts
-- layer: events
-- grain: one row per message of a client
-- key: stream, natural_key
-- reads: stg_usedesk__comments, stg_usedesk__tickets
-- why: what clients write; private comments and answers of staff are not quoted
with

talk as (

    -- the first comment is what the ticket was opened with, and is told with it
    select
        remark.comment_id,
        remark.ticket_id,
        remark.side,
        remark.made_at,
        remark.body,
        remark._file_id,
        remark._line,
        row_number() over (
            partition by remark.ticket_id
            order by
                case when remark.is_first then 0 else 1 end,
                remark.made_at,
                length(remark.comment_id),
                remark.comment_id
        ) as comment_no
    from stg_usedesk__comments as remark
    inner join stg_usedesk__tickets as ticket on remark.ticket_id = ticket.ticket_id
    where coalesce(remark.is_private, false) = false

)

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
left join talk on ticket.ticket_id = talk.ticket_id and talk.comment_no = 1
where coalesce(talk.side, 'client') = 'client'
    and coalesce(ticket.subject, talk.body) is not null
union all
select
    'comments' as stream,
    concat('comment:', comment_id) as natural_key,
    body as text
from talk
where comment_no > 1 and side = 'client' and body is not null
