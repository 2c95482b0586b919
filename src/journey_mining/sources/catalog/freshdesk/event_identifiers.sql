-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: int_freshdesk__ticket, int_freshdesk__ticket_event, stg_freshdesk__contacts, stg_freshdesk__contacts__other_emails
-- why: tickets name a contact; what somebody else wrote into a ticket is that person's own
with

known as (

    select contact_id, 'email' as kind, email as value from stg_freshdesk__contacts
    union all
    select contact_id, 'email' as kind, item as value from stg_freshdesk__contacts__other_emails
    union all
    select contact_id, 'phone' as kind, work_phone as value from stg_freshdesk__contacts
    union all
    select contact_id, 'phone' as kind, mobile_phone as value from stg_freshdesk__contacts
    union all
    -- numbers only: an address kept there would be published as it is
    select contact_id, 'crm_id' as kind, crm_id as value
    from stg_freshdesk__contacts
    where crm_id not like '%@%' and crm_id not like '+%'

),

written as (

    -- what the ticket itself says of its requester
    select ticket_id, contact_id, 'email' as kind, email as value from int_freshdesk__ticket
    union all
    select ticket_id, contact_id, 'phone' as kind, work_phone as value from int_freshdesk__ticket
    union all
    select ticket_id, contact_id, 'phone' as kind, mobile_phone as value from int_freshdesk__ticket
    union all
    -- numbers only: an address kept there would be published as it is
    select ticket_id, contact_id, 'crm_id' as kind, crm_id as value
    from int_freshdesk__ticket
    where crm_id not like '%@%' and crm_id not like '+%'

),

bound as (

    select stream, natural_key, 'freshdesk_contact' as kind, contact_id as value from int_freshdesk__ticket_event
    union all
    select happened.stream, happened.natural_key, known.kind, known.value
    from int_freshdesk__ticket_event as happened
    -- many to many: each event carries all that is known of its contact
    inner join known on happened.contact_id = known.contact_id
    union all
    select happened.stream, happened.natural_key, written.kind, written.value
    from int_freshdesk__ticket_event as happened
    -- many to many
    inner join written
        on happened.ticket_id = written.ticket_id
        and coalesce(happened.contact_id, '') = coalesce(written.contact_id, '')

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
