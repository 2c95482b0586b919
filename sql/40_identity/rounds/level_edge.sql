-- model: level_edge
-- layer: identity_rounds
-- grain: one row per pair of groups that an identifier of this level ties together
-- key: far_no, near_no
-- reads: star_edge, identifier_node, identity_group, blocked_node, identity_setting
-- why: each level sees the groups of the level before it, never single identifiers of it
with

usable as (

    select
        node_group.group_no as node_group_no,
        anchor_group.group_no as anchor_group_no
    from star_edge
    -- one row per identifier
    inner join identifier_node as node
        on node.node_no = star_edge.node_no
    -- one row per identifier
    inner join identifier_node as anchor
        on anchor.node_no = star_edge.anchor_no
    -- one row per identifier
    inner join identity_group as node_group
        on node_group.node_no = star_edge.node_no
    -- one row per identifier
    inner join identity_group as anchor_group
        on anchor_group.node_no = star_edge.anchor_no
    cross join identity_setting
    -- at most one row per identifier
    left join blocked_node as node_block
        on node_block.node_no = star_edge.node_no
    -- at most one row per identifier
    left join blocked_node as anchor_block
        on anchor_block.node_no = star_edge.anchor_no
    where
        star_edge.clear_count > 0
        and greatest(node.level, anchor.level) = identity_setting.level
        and node_block.node_no is null
        and anchor_block.node_no is null

)

select distinct
    greatest(node_group_no, anchor_group_no) as far_no,
    least(node_group_no, anchor_group_no) as near_no
from usable
where node_group_no <> anchor_group_no
