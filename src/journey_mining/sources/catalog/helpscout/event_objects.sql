-- model: event_objects
-- layer: events
-- grain: one row per event and its conversation or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: int_helpscout__conversation_event, stg_helpscout__conversations, stg_helpscout__customers
-- why: binds the events of one conversation, and the conversations of one organisation
select
    stream,
    natural_key,
    'ticket' as object_type,
    conversation_id as object_id,
    'subject' as qualifier
from int_helpscout__conversation_event
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    customer.org_id as object_id,
    'account' as qualifier
from int_helpscout__conversation_event as happened
-- many to one
inner join stg_helpscout__conversations as conversation
    on happened.conversation_id = conversation.conversation_id
-- many to one
inner join stg_helpscout__customers as customer
    on conversation.customer_id = customer.customer_id
where customer.org_id is not null
