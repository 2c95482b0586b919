-- model: bridge_edge
-- layer: identity_rounds
-- grain: one row per edge of this level that no shared identifier takes part in
-- key: far_no, near_no
-- reads: level_edge, shared_bridge
-- why: what is left may be joined wherever it does not bring two people together
select
    level_edge.far_no,
    level_edge.near_no
from level_edge
-- at most one row per identifier
left join shared_bridge as far_bridge
    on far_bridge.node_no = level_edge.far_no
-- at most one row per identifier
left join shared_bridge as near_bridge
    on near_bridge.node_no = level_edge.near_no
where
    far_bridge.node_no is null
    and near_bridge.node_no is null
