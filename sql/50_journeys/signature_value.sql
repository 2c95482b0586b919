-- model: signature_value
-- layer: journeys
-- grain: one row per signature and field that has a value
-- key: signature_id, field
-- not_null: field_value
-- reads: event_signature
-- why: one narrow table lets every condition of every rule be met by one join
select
    signature_id,
    'source' as field,
    source as field_value
from event_signature
where source is not null
union all
select
    signature_id,
    'event_kind' as field,
    event_kind as field_value
from event_signature
where event_kind is not null
union all
select
    signature_id,
    'channel' as field,
    channel as field_value
from event_signature
where channel is not null
union all
select
    signature_id,
    'direction' as field,
    direction as field_value
from event_signature
where direction is not null
union all
select
    signature_id,
    'actor_type' as field,
    actor_type as field_value
from event_signature
where actor_type is not null
union all
select
    signature_id,
    'activity_raw' as field,
    activity_raw as field_value
from event_signature
where activity_raw is not null
union all
select
    signature_id,
    'url_path' as field,
    url_path as field_value
from event_signature
where url_path is not null
union all
select
    signature_id,
    'referrer_host' as field,
    referrer_host as field_value
from event_signature
where referrer_host is not null
union all
select
    signature_id,
    'utm_medium' as field,
    utm_medium as field_value
from event_signature
where utm_medium is not null
union all
select
    signature_id,
    'pipeline' as field,
    pipeline as field_value
from event_signature
where pipeline is not null
union all
select
    signature_id,
    'customer_type' as field,
    customer_type as field_value
from event_signature
where customer_type is not null
