-- model: naming_record
-- layer: identity_rounds
-- grain: one row per record that names a person
-- key: node_no
-- reads: identifier_node, identity_group
-- not_null: kind, record_no
-- why: two different records of one kind in one group are a conflict; those that are known to be one are not different
select
    identifier_node.node_no,
    identifier_node.kind,
    identity_group.group_no as record_no
from identifier_node
-- one row per identifier
inner join identity_group
    on identity_group.node_no = identifier_node.node_no
where
    identifier_node.trust = 1
    and identifier_node.is_naming
    and identifier_node.blocked_reason is null
