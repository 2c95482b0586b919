-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: int_zammad__article, stg_zammad__tickets
-- why: what customers say in their own words: the first message with its title, and replies
select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, ':created') as natural_key,
    concat_ws(chr(10), ticket.title, written.body) as text
from stg_zammad__tickets as ticket
-- one to at most one
left join int_zammad__article as written
    on ticket.ticket_id = written.ticket_id
    and written.is_opening = 1
    and written.sender = 'Customer'
where coalesce(ticket.article_sender, 'Customer') = 'Customer'
    and (ticket.title is not null or written.body is not null)
union all
select
    'articles' as stream,
    concat('article:', article_id) as natural_key,
    body as text
from int_zammad__article
where is_opening = 0 and sender = 'Customer' and body is not null
