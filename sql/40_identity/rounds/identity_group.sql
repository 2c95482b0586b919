-- model: identity_group
-- layer: identity_rounds
-- grain: one row per identifier
-- key: node_no
-- reads: identifier_node
-- not_null: group_no
-- why: before the rounds every identifier is a group of its own
select
    node_no,
    node_no as group_no
from identifier_node
