-- model: record_group
-- layer: identity_rounds
-- grain: one row per identifier
-- key: node_no
-- reads: identity_group, component_label
-- not_null: group_no
-- why: the records of one person start as one group
select
    identity_group.node_no,
    coalesce(component_label.label_no, identity_group.group_no) as group_no
from identity_group
-- at most one row per identifier
left join component_label
    on component_label.member_no = identity_group.group_no
