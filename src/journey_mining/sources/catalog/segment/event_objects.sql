-- model: event_objects
-- layer: events
-- grain: one row per call and order
-- key: stream, natural_key, object_type, object_id
-- reads: stg_segment__calls, stg_segment__orders, stg_segment__tracks
-- why: orders are followed by their own numbers
with

ordered as (

    select
        orders.call_id,
        orders.order_id
    from stg_segment__orders as orders
    -- one to one: an order whose call never came is no event
    inner join stg_segment__tracks as tracks on orders.call_id = tracks.call_id
    union
    select
        calls.call_id,
        calls.order_id
    from stg_segment__calls as calls

)

select
    'calls' as stream,
    call_id as natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from ordered
where order_id is not null
