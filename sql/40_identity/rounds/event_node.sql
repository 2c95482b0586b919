-- model: event_node
-- layer: identity_rounds
-- grain: one row per event and identifier that stands on it
-- key: event_id, node_no
-- reads: event_identifier, event, identifier_node
-- not_null: anchor_no
-- why: finds the identifier of each event that the others are tied to: a star needs fewer edges than a clique
with

standing as (

    select distinct
        event_identifier.event_id,
        event.source,
        event.occurred_at,
        event.exclude,
        case when event.event_kind = 'contact_merged' then 1 else 0 end as tells_merge,
        identifier_node.node_no,
        identifier_node.kind,
        identifier_node.trust,
        identifier_node.blocked_reason
    from event_identifier
    -- many identifiers to one event
    inner join event
        on event.event_id = event_identifier.event_id
    -- one row per identifier
    inner join identifier_node
        on
            identifier_node.kind = event_identifier.kind
            and identifier_node.value = event_identifier.value

),

counted as (

    select
        event_id,
        source,
        occurred_at,
        exclude,
        tells_merge,
        node_no,
        trust,
        blocked_reason,
        count(case when trust = 1 and blocked_reason is null then 1 end) over (
            partition by event_id, kind
        ) as strong_twin_count
    from standing

)

select
    event_id,
    node_no,
    source,
    occurred_at,
    exclude,
    -- a merge that the source tells of ties the records that became one, whatever else stands there
    case when tells_merge = 1 and strong_twin_count > 1 then 1 else 0 end as is_merged,
    first_value(node_no) over (
        partition by event_id
        order by
            case when blocked_reason is null then 0 else 1 end,
            case when tells_merge = 1 and strong_twin_count > 1 then 0 else 1 end,
            trust,
            node_no
    ) as anchor_no,
    -- two contacts on one event are two people, and nobody knows whose the rest is
    max(case when strong_twin_count > 1 and tells_merge = 0 then 1 else 0 end) over (
        partition by event_id
    ) as is_crowded
from counted
