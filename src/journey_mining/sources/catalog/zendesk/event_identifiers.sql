-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the requester
-- key: stream, natural_key, kind, value
-- reads: stg_zendesk__tickets, stg_zendesk__users
-- why: tickets name a user; the user's address, phone and number in the CRM bind him to the rest
with

requester_identifier as (

    select user_id, 'zendesk_user' as kind, user_id as value from stg_zendesk__users
    union all
    select user_id, 'email' as kind, email as value from stg_zendesk__users
    union all
    select user_id, 'phone' as kind, phone as value from stg_zendesk__users
    union all
    select user_id, 'b24_contact' as kind, external_id as value from stg_zendesk__users

),

ticket_identifier as (

    select ticket_id, 'zendesk_user' as kind, requester_id as value from stg_zendesk__tickets
    union all
    select ticket_id, 'email' as kind, from_email as value from stg_zendesk__tickets
    union all
    select ticket_id, 'phone' as kind, from_phone as value from stg_zendesk__tickets
    union all
    select ticket.ticket_id, requester_identifier.kind, requester_identifier.value
    from stg_zendesk__tickets as ticket
    -- many to many: each ticket carries each identifier of its requester
    inner join requester_identifier on ticket.requester_id = requester_identifier.user_id

),

moment as (

    select ':created' as suffix
    union all
    select ':solved' as suffix
    union all
    select ':csat' as suffix

)

select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, moment.suffix) as natural_key,
    ticket_identifier.kind,
    ticket_identifier.value
from stg_zendesk__tickets as ticket
cross join moment
-- many to many
inner join ticket_identifier on ticket.ticket_id = ticket_identifier.ticket_id
where ticket_identifier.value is not null
    and (
        moment.suffix = ':created'
        or (moment.suffix = ':solved' and ticket.status in ('solved', 'closed'))
        or (moment.suffix = ':csat' and (ticket.csat like 'good%' or ticket.csat like 'bad%'))
    )
group by
    concat('ticket:', ticket.ticket_id, moment.suffix),
    ticket_identifier.kind,
    ticket_identifier.value
