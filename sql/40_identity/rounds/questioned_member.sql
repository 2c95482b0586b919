-- model: questioned_member
-- layer: identity_rounds
-- grain: one row per identifier of a group in question
-- key: node_no
-- reads: questioned_group, identity_group, identifier_node, naming_record
-- not_null: group_no, kind
-- why: hands the few groups in question over to be weighed tie by tie
select
    identity_group.group_no,
    identity_group.node_no,
    identifier_node.kind,
    naming_record.record_no
from questioned_group
-- one row per identifier of the group
inner join identity_group
    on identity_group.group_no = questioned_group.group_no
-- one row per identifier
inner join identifier_node
    on identifier_node.node_no = identity_group.node_no
-- at most one row per identifier
left join naming_record
    on naming_record.node_no = identity_group.node_no
