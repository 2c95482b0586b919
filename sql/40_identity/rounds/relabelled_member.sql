-- model: relabelled_member
-- layer: identity_rounds
-- grain: one row per end of an edge
-- key: member_no
-- reads: component_label, component_parent
-- not_null: label_no
-- why: carries the roots of a round over to all nodes that were contracted before
select
    component_label.member_no,
    coalesce(component_parent.parent_no, component_label.label_no) as label_no
from component_label
-- at most one parent
left join component_parent
    on component_parent.member_no = component_label.label_no
