-- model: settled_group
-- layer: identity_rounds
-- grain: one row per identifier
-- key: node_no
-- reads: identity_group, component_label, naming_group, bridge_touch, shared_bridge
-- not_null: group_no
-- why: joins what a component ties together, unless that would make one person of two
with

crowd as (

    select
        component_label.label_no,
        count(naming_group.group_no) as naming_count
    from component_label
    -- at most one row per group
    left join naming_group
        on naming_group.group_no = component_label.member_no
    group by component_label.label_no

)

select
    identity_group.node_no,
    case
        when crowd.naming_count <= 1 then component_label.label_no
        -- in a crowd only direct ties to a single person hold; ties of ties are conflicts
        when
            bridge_touch.naming_count = 1
            and shared_bridge.node_no is null
            then bridge_touch.nearest_no
        else identity_group.group_no
    end as group_no
from identity_group
-- at most one row per group; groups without an edge are absent
left join component_label
    on component_label.member_no = identity_group.group_no
-- one row per component
left join crowd
    on crowd.label_no = component_label.label_no
-- at most one row per group
left join bridge_touch
    on bridge_touch.group_no = identity_group.group_no
-- at most one row per identifier
left join shared_bridge
    on shared_bridge.node_no = identity_group.node_no
