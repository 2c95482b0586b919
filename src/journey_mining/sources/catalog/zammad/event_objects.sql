-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: int_zammad__ticket_event, stg_zammad__tickets
-- why: binds the events of one ticket, and the tickets of one organisation
select
    stream,
    natural_key,
    'ticket' as object_type,
    ticket_id as object_id,
    'subject' as qualifier
from int_zammad__ticket_event
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    ticket.org_id as object_id,
    'account' as qualifier
from int_zammad__ticket_event as happened
-- many to one
inner join stg_zammad__tickets as ticket on happened.ticket_id = ticket.ticket_id
where ticket.org_id is not null
