-- model: event_person
-- layer: identity
-- grain: one row per event that somebody stands behind
-- key: event_id
-- reads: event_node, identifier_node, blocked_node, person_identifier
-- not_null: person_id
-- why: an event belongs to the person of its most trusted identifier, and to nobody else
with

candidate as (

    select
        event_node.event_id,
        person_identifier.person_id,
        row_number() over (
            partition by event_node.event_id
            order by
                -- a shared phone is the last to say whose an event is
                case when blocked_node.node_no is null then 0 else 1 end,
                identifier_node.trust,
                identifier_node.node_no
        ) as candidate_no
    from event_node
    -- one row per identifier
    inner join identifier_node
        on identifier_node.node_no = event_node.node_no
    -- at most one person per identifier; placeholders have none
    inner join person_identifier
        on
            person_identifier.kind = identifier_node.kind
            and person_identifier.value = identifier_node.value
    -- at most one row per identifier
    left join blocked_node
        on blocked_node.node_no = event_node.node_no

)

select
    event_id,
    person_id
from candidate
where candidate_no = 1
