-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: int_zammad__ticket_event, stg_zammad__tickets, stg_zammad__users
-- why: tickets name a customer; what somebody else wrote into one is that person's own
with

known as (

    select user_id, 'email' as kind, email as value from stg_zammad__users
    union all
    select user_id, 'phone' as kind, phone as value from stg_zammad__users
    union all
    select user_id, 'phone' as kind, mobile_phone as value from stg_zammad__users
    union all
    -- numbers only: an address kept there would be published as it is
    select user_id, 'crm_id' as kind, crm_id as value
    from stg_zammad__users
    where crm_id not like '%@%' and crm_id not like '+%'

),

person as (

    select
        happened.stream,
        happened.natural_key,
        coalesce(happened.author_id, ticket.customer_id) as user_id
    from int_zammad__ticket_event as happened
    -- many to at most one
    left join stg_zammad__tickets as ticket on happened.ticket_id = ticket.ticket_id

),

bound as (

    select stream, natural_key, 'zammad_user' as kind, user_id as value from person
    union all
    select person.stream, person.natural_key, known.kind, known.value
    from person
    -- many to many: each event carries all that is known of its customer
    inner join known on person.user_id = known.user_id

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
