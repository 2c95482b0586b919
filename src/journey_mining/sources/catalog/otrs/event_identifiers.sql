-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer
-- key: stream, natural_key, kind, value
-- reads: int_otrs__line, stg_otrs__articles, stg_otrs__customers, stg_otrs__customers__phones, stg_otrs__tickets
-- why: a ticket names a customer user; his entry, and the sender of a message, give address and phone
with

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
from int_otrs__line as line
-- many to many: each event of a ticket carries each identifier of its customer
inner join known on line.ticket_id = known.ticket_id
union
select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    'email' as kind,
    lower(article.from_email) as value
from int_otrs__line as line
-- many to one
inner join stg_otrs__articles as article on line.article_id = article.article_id
where line.kind <> 'StateUpdate'
    and article.sender = 'customer'
    and article.from_email is not null
