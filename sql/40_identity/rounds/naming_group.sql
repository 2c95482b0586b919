-- model: naming_group
-- layer: identity_rounds
-- grain: one row per group that is somebody by itself
-- key: group_no
-- reads: identifier_node, identity_group, identity_setting
-- why: identifiers of this level may add to such a group, and never join two of them
select distinct identity_group.group_no
from identity_group
-- one row per identifier
inner join identifier_node
    on identifier_node.node_no = identity_group.node_no
cross join identity_setting
where
    -- a phone sits between contacts and e-mails; a cookie between all that is not a cookie
    (identity_setting.level = 2 and identifier_node.is_naming)
    or (identity_setting.level = 3 and identifier_node.level < 3)
