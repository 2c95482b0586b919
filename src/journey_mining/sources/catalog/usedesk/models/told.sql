-- model: told
-- layer: events
-- grain: one row per event of a ticket
-- key: stream, natural_key
-- reads: int_usedesk__talk, stg_usedesk__changes, stg_usedesk__tickets
-- why: says once which tickets, comments and changes are events, and what they are called
with

change as (

    select
        change.change_id,
        change.ticket_id,
        change.made_at,
        change.staff_id,
        change.old_status,
        change.new_status,
        change._file_id,
        change._line
    from stg_usedesk__changes as change
    inner join stg_usedesk__tickets as ticket on change.ticket_id = ticket.ticket_id
    where coalesce(change.new_status, '') not in ('', coalesce(change.old_status, ''))

)

select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, ':created') as natural_key,
    ticket.ticket_id,
    'ticket_created' as event_kind,
    'Тикет' as activity_raw,
    ticket.created_at as occurred_at,
    0 as order_hint,
    case when talk.side = 'user' then 'agent' else 'customer' end as actor_type,
    case when talk.side = 'user' then 'out' else 'in' end as direction,
    ticket._file_id,
    ticket._line
from stg_usedesk__tickets as ticket
-- one to at most one
left join int_usedesk__talk as talk on ticket.ticket_id = talk.ticket_id and talk.comment_no = 1
union all
select
    'comments' as stream,
    concat('comment:', comment_id) as natural_key,
    ticket_id,
    'ticket_reply' as event_kind,
    case
        when side = 'client' then 'Сообщение клиента'
        when side = 'user' then 'Ответ поддержки'
        else 'Автоматический ответ'
    end as activity_raw,
    made_at as occurred_at,
    1 as order_hint,
    case when side = 'client' then 'customer' when side = 'user' then 'agent' else 'bot' end as actor_type,
    case when side = 'client' then 'in' else 'out' end as direction,
    _file_id,
    _line
from int_usedesk__talk
where comment_no > 1
union all
select
    'changes' as stream,
    concat('change:', change_id) as natural_key,
    ticket_id,
    case
        when new_status = 'merged' then 'ticket_merged'
        when new_status = 'solved' then 'ticket_solved'
        when new_status = 'closed' and coalesce(old_status, '') <> 'solved' then 'ticket_solved'
        when old_status in ('solved', 'closed') and new_status in ('open', 'new', 'pending', 'on hold')
            then 'ticket_reopened'
        else 'ticket_status_changed'
    end as event_kind,
    concat('Статус: ', new_status) as activity_raw,
    made_at as occurred_at,
    2 as order_hint,
    case when staff_id is not null then 'agent' else 'system' end as actor_type,
    cast(null as varchar) as direction,
    _file_id,
    _line
from change
