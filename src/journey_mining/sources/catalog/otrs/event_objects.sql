-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or company
-- key: stream, natural_key, object_type, object_id
-- reads: int_otrs__line, stg_otrs__tickets
-- why: binds the events of one ticket, and the tickets of one company
select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    'ticket' as object_type,
    line.ticket_id as object_id,
    'subject' as qualifier
from int_otrs__line as line
union all
select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    'organization' as object_type,
    -- a person without a company has his own address here, or a name: never published as it is
    md5(lower(ticket.company)) as object_id,
    'account' as qualifier
from int_otrs__line as line
-- many to one
inner join stg_otrs__tickets as ticket on line.ticket_id = ticket.ticket_id
where ticket.company is not null and ticket.company <> coalesce(ticket.customer, '')
