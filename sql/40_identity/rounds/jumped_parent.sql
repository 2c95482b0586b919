-- model: jumped_parent
-- layer: identity_rounds
-- grain: one row per hooked node
-- key: member_no
-- reads: component_parent
-- not_null: parent_no
-- why: halves the way to the root; repeated until nothing moves, it costs the logarithm of the depth
select
    component_parent.member_no,
    coalesce(grandparent.parent_no, component_parent.parent_no) as parent_no,
    case when grandparent.parent_no is null then 0 else 1 end as has_moved
from component_parent
-- at most one parent
left join component_parent as grandparent
    on grandparent.member_no = component_parent.parent_no
