-- model: device_login
-- layer: identity_rounds
-- grain: one row per shared device and event on it that names a person
-- key: node_no, event_id
-- reads: blocked_node, event_node, identifier_node, identity_group
-- not_null: group_no, occurred_at
-- why: who was logged in on a shared device, and when
with

shared_device as (

    select distinct node_no
    from blocked_node
    where reason = 'shared_device'

),

barred as (

    select distinct node_no
    from blocked_node

),

named as (

    select
        device.node_no,
        device.event_id,
        device.occurred_at,
        identity_group.group_no,
        row_number() over (
            partition by device.node_no, device.event_id
            order by identifier_node.trust, identifier_node.node_no
        ) as name_no
    from shared_device
    -- the events of the device
    inner join event_node as device
        on device.node_no = shared_device.node_no
    -- what else stands on them
    inner join event_node as beside
        on beside.event_id = device.event_id
    -- one row per identifier
    inner join identifier_node
        on identifier_node.node_no = beside.node_no
    -- one row per identifier
    inner join identity_group
        on identity_group.node_no = beside.node_no
    -- at most one row per identifier
    left join barred
        on barred.node_no = beside.node_no
    where
        device.is_crowded = 0
        and device.exclude is null
        -- another cookie says nothing of who sits there
        and identifier_node.level < 3
        and barred.node_no is null

)

select
    node_no,
    event_id,
    occurred_at,
    group_no
from named
where name_no = 1
