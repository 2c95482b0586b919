-- model: move
-- layer: events
-- grain: one row per change of a ticket's state
-- key: history_id
-- reads: stg_zammad__history, stg_zammad__tickets
-- why: says once which lines of the history are events
select
    history.history_id,
    history.ticket_id,
    history.changed_at,
    case
        when history.value_to = 'merged' then 'ticket_merged'
        when history.value_to = 'closed' then 'ticket_solved'
        when history.value_from in ('closed', 'merged') then 'ticket_reopened'
        else 'ticket_status_changed'
    end as event_kind,
    history.value_to,
    case
        when history.author_id = ticket.customer_id then 'customer'
        when history.author_id = '1' or history.value_to <> 'closed' then 'system'
        else 'agent'
    end as actor_type,
    try_cast(history.history_id as bigint) as id_no,
    history._file_id,
    history._line
from stg_zammad__history as history
-- many to at most one
left join stg_zammad__tickets as ticket on history.ticket_id = ticket.ticket_id
where history.object = 'Ticket'
    and history.attribute = 'state'
    and history.kind = 'updated'
    and history.value_to is not null
