-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: int_zendesk__ticket_event, stg_zendesk__tickets, stg_zendesk__users
-- why: tickets name a user; the user's address, phone and number in the CRM bind him to the rest
with

user_identifier as (

    select user_id, 'email' as kind, email as value from stg_zendesk__users
    union all
    select user_id, 'phone' as kind, phone as value from stg_zendesk__users
    union all
    -- numbers only: an address kept there would be published as it is
    select user_id, 'b24_contact' as kind, external_id as value
    from stg_zendesk__users
    where external_id not like '%@%' and external_id not like '+%'

),

bound as (

    select stream, natural_key, 'zendesk_user' as kind, requester_id as value from int_zendesk__ticket_event
    union all
    select happened.stream, happened.natural_key, user_identifier.kind, user_identifier.value
    from int_zendesk__ticket_event as happened
    -- many to many: each event carries each identifier of its user
    inner join user_identifier on happened.requester_id = user_identifier.user_id
    union all
    select happened.stream, happened.natural_key, 'email' as kind, ticket.from_email as value
    from int_zendesk__ticket_event as happened
    -- many to one: the address a ticket came from is its requester's
    inner join stg_zendesk__tickets as ticket
        on happened.ticket_id = ticket.ticket_id
        and happened.requester_id = ticket.requester_id
    union all
    select happened.stream, happened.natural_key, 'phone' as kind, ticket.from_phone as value
    from int_zendesk__ticket_event as happened
    -- many to one
    inner join stg_zendesk__tickets as ticket
        on happened.ticket_id = ticket.ticket_id
        and happened.requester_id = ticket.requester_id

)

select
    stream,
    natural_key,
    kind,
    value
from bound
where value is not null
group by
    stream,
    natural_key,
    kind,
    value
