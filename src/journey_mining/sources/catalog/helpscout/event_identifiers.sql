-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: int_helpscout__conversation_event, stg_helpscout__conversations, stg_helpscout__customers, stg_helpscout__customers__emails, stg_helpscout__customers__phones
-- why: conversations name a customer; what somebody else wrote into one is that person's own
with

known as (

    select customer_id, 'email' as kind, item as value from stg_helpscout__customers__emails
    union all
    select customer_id, 'phone' as kind, item as value from stg_helpscout__customers__phones
    union all
    -- numbers only: an address kept there would be published as it is
    select customer_id, 'crm_id' as kind, crm_id as value
    from stg_helpscout__customers
    where crm_id not like '%@%' and crm_id not like '+%'

),

person as (

    select
        happened.stream,
        happened.natural_key,
        coalesce(happened.author_id, conversation.customer_id) as customer_id,
        case
            when coalesce(happened.author_id, conversation.customer_id) = conversation.customer_id
                then coalesce(happened.author_email, conversation.email)
            else happened.author_email
        end as email
    from int_helpscout__conversation_event as happened
    -- many to at most one
    left join stg_helpscout__conversations as conversation
        on happened.conversation_id = conversation.conversation_id

),

bound as (

    select stream, natural_key, 'helpscout_customer' as kind, customer_id as value from person
    union all
    select stream, natural_key, 'email' as kind, email as value from person
    union all
    select person.stream, person.natural_key, known.kind, known.value
    from person
    -- many to many: each event carries all that is known of its customer
    inner join known on person.customer_id = known.customer_id

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
