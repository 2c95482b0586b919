-- model: changed
-- layer: events
-- grain: one row per thread that changes the status
-- key: thread_id
-- reads: int_helpscout__thread
-- why: most threads say that nothing changes; all files leave out the same ones
with

stated as (

    -- most threads say that nothing changes; some repeat the status that already holds
    select
        thread_id,
        conversation_id,
        created_at,
        status,
        action,
        author,
        kind,
        is_opening,
        id_no,
        lag(status) over (
            partition by conversation_id
            order by created_at, length(thread_id), thread_id
        ) as previous_status,
        _file_id,
        _line
    from int_helpscout__thread
    where status in ('active', 'pending', 'closed') or action = 'merged'

)

select
    thread_id,
    conversation_id,
    created_at,
    status,
    author,
    kind,
    id_no,
    case
        when action = 'merged' then 'ticket_merged'
        when status = 'closed' then 'ticket_solved'
        when previous_status = 'closed' then 'ticket_reopened'
        else 'ticket_status_changed'
    end as event_kind,
    _file_id,
    _line
from stated
where is_opening = 0
    and (action = 'merged' or coalesce(previous_status, '') <> status)
