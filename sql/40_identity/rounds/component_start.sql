-- model: component_start
-- layer: identity_rounds
-- grain: one row per end of an edge
-- key: member_no
-- reads: bridge_edge
-- not_null: label_no
-- why: every end begins as a component of its own
select
    far_no as member_no,
    far_no as label_no
from bridge_edge

union

select
    near_no as member_no,
    near_no as label_no
from bridge_edge
