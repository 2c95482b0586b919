-- model: event_objects
-- layer: events
-- grain: one row per action and visit or order
-- key: stream, natural_key, object_type, object_id
-- reads: stg_matomo__actions
-- why: visits and orders are followed by their own numbers
select
    'actions' as stream,
    concat('visit:', site_id, ':', visit_id, ':', cast(action_no as varchar)) as natural_key,
    'visit' as object_type,
    concat(site_id, ':', visit_id) as object_id,
    'part_of' as qualifier
from stg_matomo__actions
union all
select
    'actions' as stream,
    concat('visit:', site_id, ':', visit_id, ':', cast(action_no as varchar)) as natural_key,
    'order' as object_type,
    order_id as object_id,
    'subject' as qualifier
from stg_matomo__actions
where order_id is not null
