-- model: regrouped
-- layer: identity_rounds
-- grain: one row per identifier
-- key: node_no
-- reads: identity_group, regrouped_node
-- not_null: group_no
-- why: puts the groups that were taken apart in the place of what they were
select
    identity_group.node_no,
    coalesce(regrouped_node.group_no, identity_group.group_no) as group_no
from identity_group
-- at most one row per identifier
left join regrouped_node
    on regrouped_node.node_no = identity_group.node_no
