-- model: event_objects
-- layer: events
-- grain: one row per event
-- key: stream, natural_key, object_type, object_id
-- reads: stg_usedesk__changes, stg_usedesk__comments, stg_usedesk__tickets
-- why: binds the events of one ticket
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

),

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

),

told as (

    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':created') as natural_key,
        ticket_id
    from stg_usedesk__tickets
    union all
    select
        'comments' as stream,
        concat('comment:', comment_id) as natural_key,
        ticket_id
    from talk
    where comment_no > 1
    union all
    select
        'changes' as stream,
        concat('change:', change_id) as natural_key,
        ticket_id
    from change

)

select
    stream,
    natural_key,
    'ticket' as object_type,
    ticket_id as object_id,
    'subject' as qualifier
from told
