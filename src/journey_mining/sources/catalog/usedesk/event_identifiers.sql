-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the client
-- key: stream, natural_key, kind, value
-- reads: int_usedesk__told, stg_usedesk__clients, stg_usedesk__clients__emails, stg_usedesk__clients__more_emails, stg_usedesk__clients__more_phones, stg_usedesk__clients__phones, stg_usedesk__tickets
-- why: a ticket names a client; his addresses and phones bind him to the rest, unless staff say that he is nobody
with

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
from int_usedesk__told as told
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
