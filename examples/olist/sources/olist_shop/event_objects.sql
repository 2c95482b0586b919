-- model: event_objects
-- layer: events
-- grain: one row per order placed
-- key: stream, natural_key
-- reads: stg_olist_shop__orders
-- why: the order is the object that a purchase, a sale and a review share
select
    'orders' as stream,
    concat('buyer:', order_id, ':created') as natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from stg_olist_shop__orders
