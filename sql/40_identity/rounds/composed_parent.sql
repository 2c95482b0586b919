-- model: composed_parent
-- layer: identity_rounds
-- grain: one row per node that was hooked in this round or a later one
-- key: member_no
-- reads: component_parent, earlier_parent
-- not_null: parent_no
-- why: leads the nodes of an earlier round to the roots of the last; rounds shrink, so that each node is carried seldom
select
    earlier_parent.member_no,
    coalesce(component_parent.parent_no, earlier_parent.parent_no) as parent_no
from earlier_parent
-- at most one parent
left join component_parent
    on component_parent.member_no = earlier_parent.parent_no

union all

-- a node that was contracted is met no more: no round has a node of another
select
    member_no,
    parent_no
from component_parent
