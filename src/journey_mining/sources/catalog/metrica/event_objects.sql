-- model: event_objects
-- layer: events
-- grain: one row per order
-- key: stream, natural_key, object_type, object_id
-- reads: int_metrica__told
-- why: orders are followed by their own numbers
select
    'visits' as stream,
    natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from int_metrica__told
where order_id is not null
