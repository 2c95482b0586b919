-- model: event_signature
-- layer: journeys
-- grain: one row per distinct combination of what rules can see of an event
-- key: signature_id
-- reads: person_timeline
-- why: rules are evaluated on signatures, of which there are far fewer than events
select
    signature_id,
    min(source) as source,
    min(event_kind) as event_kind,
    min(channel) as channel,
    min(direction) as direction,
    min(actor_type) as actor_type,
    min(activity_raw) as activity_raw,
    min(url_path) as url_path,
    min(referrer_host) as referrer_host,
    min(utm_medium) as utm_medium,
    min(pipeline) as pipeline,
    min(customer_type) as customer_type,
    min(score_norm) as score_norm,
    count(*) as event_count
from person_timeline
group by signature_id
