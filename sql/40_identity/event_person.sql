-- model: event_person
-- layer: identity
-- grain: one row per event that somebody stands behind
-- key: event_id
-- reads: event_node, identifier_node, identity_group, blocked_node, device_span, person_identifier
-- not_null: person_id
-- why: an event belongs to the person of its most trusted identifier, and to nobody else
with

barred as (

    select distinct node_no
    from blocked_node

),

owner as (

    -- a device that was handed over stands for whoever had it at the time
    select
        event_node.event_id,
        event_node.node_no,
        max(coalesce(device_span.group_no, identity_group.group_no)) as group_no,
        max(case when barred.node_no is not null and device_span.node_no is null then 1 else 0 end) as is_barred
    from event_node
    -- one row per identifier
    inner join identity_group
        on identity_group.node_no = event_node.node_no
    -- at most one row per identifier
    left join barred
        on barred.node_no = event_node.node_no
    -- at most one span of the device covers the event
    left join device_span
        on
            device_span.node_no = event_node.node_no
            and (device_span.span_no = 1 or event_node.occurred_at >= device_span.from_at)
            and (device_span.until_at is null or event_node.occurred_at < device_span.until_at)
    group by
        event_node.event_id,
        event_node.node_no

),

person_group as (

    select
        identity_group.group_no,
        min(person_identifier.person_id) as person_id
    from person_identifier
    -- one row per identifier
    inner join identifier_node
        on
            identifier_node.kind = person_identifier.kind
            and identifier_node.value = person_identifier.value
    -- one row per identifier
    inner join identity_group
        on identity_group.node_no = identifier_node.node_no
    group by identity_group.group_no

),

candidate as (

    select
        owner.event_id,
        person_group.person_id,
        row_number() over (
            partition by owner.event_id
            order by
                -- a shared phone is the last to say whose an event is
                owner.is_barred,
                identifier_node.trust,
                identifier_node.node_no
        ) as candidate_no
    from owner
    -- one row per identifier
    inner join identifier_node
        on identifier_node.node_no = owner.node_no
    -- at most one person per group; placeholders have none
    inner join person_group
        on person_group.group_no = owner.group_no
    where identifier_node.blocked_reason is null

)

select
    event_id,
    person_id
from candidate
where candidate_no = 1
