-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer
-- key: stream, natural_key, kind, value
-- reads: stg_otrs__articles, stg_otrs__customers, stg_otrs__customers__phones, stg_otrs__history, stg_otrs__tickets
-- why: a ticket names a customer user; his entry, and the sender of a message, give address and phone
with

opening as (

    -- a new ticket has a line of its own, and its first message has another one: both are told as one event
    select
        ticket_id,
        max(case when kind = 'NewTicket' then 1 else 0 end) as is_seen,
        min(try_cast(article_id as bigint)) as article_no
    from stg_otrs__history
    group by ticket_id

),

line as (

    select
        history.history_id,
        history.ticket_id,
        history.kind,
        case
            when history.kind in ('NewTicket', 'StateUpdate') then cast(opening.article_no as varchar)
            else history.article_id
        end as article_id
    from stg_otrs__history as history
    inner join opening on history.ticket_id = opening.ticket_id
    where history.kind in ('NewTicket', 'StateUpdate')
        or (
            history.kind in (
                'FollowUp', 'EmailCustomer', 'PhoneCallCustomer', 'WebRequestCustomer',
                'SendAnswer', 'EmailAgent', 'PhoneCallAgent'
            )
            and not (
                opening.is_seen = 1
                and coalesce(history.article_id, '') = cast(opening.article_no as varchar)
            )
            -- what customers cannot see is no message to them
            and not exists (
                select 1 as found
                from stg_otrs__articles as article
                where article.article_id = history.article_id and article.is_visible = false
            )
        )

),

known as (

    select
        ticket_id,
        'otrs_customer' as kind,
        customer as value
    from stg_otrs__tickets
    where customer is not null
    union all
    select
        ticket_id,
        'email' as kind,
        lower(customer) as value
    from stg_otrs__tickets
    -- people without an entry are known by their address
    where customer like '%@%'
    union all
    select
        ticket.ticket_id,
        'email' as kind,
        customer.email as value
    from stg_otrs__tickets as ticket
    inner join stg_otrs__customers as customer on ticket.customer = customer.login
    where customer.email is not null
    union all
    select
        ticket.ticket_id,
        'phone' as kind,
        phone.item as value
    from stg_otrs__tickets as ticket
    inner join stg_otrs__customers__phones as phone on ticket.customer = phone.login

)

select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    known.kind,
    known.value
from line
-- many to many: each event of a ticket carries each identifier of its customer
inner join known on line.ticket_id = known.ticket_id
union
select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    'email' as kind,
    lower(article.from_email) as value
from line
-- many to one
inner join stg_otrs__articles as article on line.article_id = article.article_id
where line.kind <> 'StateUpdate'
    and article.sender = 'customer'
    and article.from_email is not null
