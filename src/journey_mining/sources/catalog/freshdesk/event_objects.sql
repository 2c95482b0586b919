-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or company
-- key: stream, natural_key, object_type, object_id
-- reads: int_freshdesk__ticket, int_freshdesk__ticket_event
-- why: binds the events of one ticket, and the tickets of one company
select
    stream,
    natural_key,
    'ticket' as object_type,
    ticket_id as object_id,
    'subject' as qualifier
from int_freshdesk__ticket_event
group by
    stream,
    natural_key,
    ticket_id
union all
-- the CSV has the name of the company only: a hash stands for it
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    ticket.company_id as object_id,
    'account' as qualifier
from int_freshdesk__ticket_event as happened
-- many to one
inner join int_freshdesk__ticket as ticket on happened.ticket_id = ticket.ticket_id
where ticket.company_id is not null
group by
    happened.stream,
    happened.natural_key,
    ticket.company_id
