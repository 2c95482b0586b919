-- model: component_label
-- layer: identity_rounds
-- grain: one row per end of an edge
-- key: member_no
-- reads: component_parent
-- not_null: label_no
-- why: names every node by its root; a root is nobody's child, and labels itself
select
    member_no,
    parent_no as label_no
from component_parent

union all

select distinct
    parent_no as member_no,
    parent_no as label_no
from component_parent
