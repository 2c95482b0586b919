-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the client
-- key: stream, natural_key, kind, value
-- reads: stg_usedesk__changes, stg_usedesk__clients, stg_usedesk__clients__emails, stg_usedesk__clients__more_emails, stg_usedesk__clients__more_phones, stg_usedesk__clients__phones, stg_usedesk__comments, stg_usedesk__tickets
-- why: a ticket names a client; his addresses and phones bind him to the rest, unless staff say that he is nobody
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

),

nobody as (

    -- courts, mail robots and the like: the desk marks them, and they must not join those who write through them
    select client_id
    from stg_usedesk__clients
    where lower(note) like '%не клиент%'
        or lower(note) like '%не объединять%'
        or lower(name) in ('arbitr', 'арбитр', 'info', 'moyapochta', 'reply', 'robot', 'noreply', 'no-reply')

),

known as (

    select
        ticket_id,
        'usedesk_client' as kind,
        client_id as value
    from stg_usedesk__tickets
    where client_id is not null
    union
    select
        ticket_id,
        'email' as kind,
        email as value
    from stg_usedesk__tickets
    where email is not null
    union
    select
        ticket.ticket_id,
        'email' as kind,
        address.item as value
    from stg_usedesk__tickets as ticket
    inner join stg_usedesk__clients__emails as address on ticket.client_id = address.client_id
    union
    select
        ticket.ticket_id,
        'phone' as kind,
        phone.item as value
    from stg_usedesk__tickets as ticket
    inner join stg_usedesk__clients__phones as phone on ticket.client_id = phone.client_id
    union
    select
        ticket.ticket_id,
        'email' as kind,
        address.item as value
    from stg_usedesk__tickets as ticket
    inner join stg_usedesk__clients__more_emails as address on ticket.client_id = address.client_id
    union
    select
        ticket.ticket_id,
        'phone' as kind,
        phone.item as value
    from stg_usedesk__tickets as ticket
    inner join stg_usedesk__clients__more_phones as phone on ticket.client_id = phone.client_id

)

select
    told.stream,
    told.natural_key,
    known.kind,
    known.value
from told
inner join stg_usedesk__tickets as ticket on told.ticket_id = ticket.ticket_id
-- many to many: each event of a ticket carries each identifier of its client
inner join known on told.ticket_id = known.ticket_id
where not exists (
    select 1 as found
    from nobody
    where nobody.client_id = ticket.client_id
)
    -- the same by the address a ticket came from
    and coalesce(ticket.email, '') not like '%arbitr%@%'
    and coalesce(ticket.email, '') not like '%moyapochta%'
    and coalesce(ticket.email, '') not like '%robot%@%'
    and coalesce(ticket.email, '') not like '%reply%@%'
