-- model: shared_bridge
-- layer: identity_rounds
-- grain: one row per identifier of this level that several people share
-- key: node_no
-- reads: bridge_touch, identifier_node, identity_group, identity_setting
-- not_null: reason
-- why: an office phone or a family computer is stored as what it is, and joins nobody
select
    identifier_node.node_no,
    case
        when identity_setting.level = 2 then 'shared_phone'
        else 'shared_device'
    end as reason
from bridge_touch
-- one identifier of this level, or a group of the level before it, which is not blocked
inner join identity_group
    on identity_group.group_no = bridge_touch.group_no
-- one row per identifier
inner join identifier_node
    on identifier_node.node_no = identity_group.node_no
cross join identity_setting
where
    bridge_touch.naming_count > 1
    and identifier_node.level = identity_setting.level
