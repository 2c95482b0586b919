-- model: component_parent
-- layer: identity_rounds
-- grain: one row per node that has a smaller neighbour
-- key: member_no
-- reads: component_edge
-- not_null: parent_no
-- why: hooks each node to its smallest neighbour; numbers only fall, so there are no circles
select
    far_no as member_no,
    min(near_no) as parent_no
from component_edge
group by far_no
