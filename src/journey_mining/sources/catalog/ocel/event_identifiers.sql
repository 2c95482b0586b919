-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of a customer in it
-- key: stream, natural_key, kind, value
-- reads: stg_ocel__events, stg_ocel__links, stg_ocel__objects
-- why: the customers among the objects say whose event it is
with

customer_type as (

    -- ADAPT: the types of objects that are customers
    select 'customer' as object_type
    union all
    select 'client' as object_type
    union all
    select 'person' as object_type
    union all
    select 'user' as object_type
    union all
    select 'клиент' as object_type

),

customer_link as (

    select
        happened.event_id,
        link.object_id
    from stg_ocel__events as happened
    -- one to many
    inner join stg_ocel__links as link on happened.event_id = link.event_id
    -- many to one
    inner join customer_type on lower(link.object_type) = customer_type.object_type
    group by
        happened.event_id,
        link.object_id

),

named as (

    select
        event_id,
        -- ADAPT: 'ocel_customer' is somebody whom no other source knows; 'user_id' or 'crm_id' joins other sources
        'ocel_customer' as kind,
        object_id as value
    from customer_link
    union all
    select
        link.event_id,
        'email' as kind,
        thing.email as value
    from customer_link as link
    -- many to one
    inner join stg_ocel__objects as thing on link.object_id = thing.object_id
    where thing.email is not null
    union all
    select
        link.event_id,
        'phone' as kind,
        thing.phone as value
    from customer_link as link
    -- many to one
    inner join stg_ocel__objects as thing on link.object_id = thing.object_id
    where thing.phone is not null

)

select
    'events' as stream,
    concat(
        'ocel:',
        case when event_id like '%@%' then md5(event_id) else event_id end
    ) as natural_key,
    kind,
    value
from named
