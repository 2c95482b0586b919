-- model: identifier_node
-- layer: identity_rounds
-- grain: one row per identifier
-- key: node_no
-- reads: event_identifier, event, identifier_kind
-- not_null: kind, value, trust, level
-- why: numbers identifiers in the order of (kind, value), so that the rounds handle small numbers
with

sighting as (

    select
        event_identifier.kind,
        event_identifier.value,
        count(distinct event_identifier.event_id) as event_count,
        min(event.occurred_at) as first_seen_at,
        max(event.occurred_at) as last_seen_at,
        min(event_identifier.blocked_reason) as blocked_reason
    from event_identifier
    -- many identifiers to one event
    inner join event
        on event.event_id = event_identifier.event_id
    where event_identifier.value <> ''
    group by
        event_identifier.kind,
        event_identifier.value

)

select
    row_number() over (
        order by sighting.kind, sighting.value
    ) as node_no,
    sighting.kind,
    sighting.value,
    -- a kind that nobody described is trusted least
    coalesce(identifier_kind.trust, 3) as trust,
    coalesce(identifier_kind.level, 3) as level,
    coalesce(identifier_kind.is_naming, false) as is_naming,
    sighting.event_count,
    sighting.first_seen_at,
    sighting.last_seen_at,
    sighting.blocked_reason
from sighting
-- many identifiers to one kind
left join identifier_kind
    on identifier_kind.kind = sighting.kind
