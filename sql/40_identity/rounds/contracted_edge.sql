-- model: contracted_edge
-- layer: identity_rounds
-- grain: one row per pair of components that an edge still ties together
-- key: far_no, near_no
-- reads: component_edge, component_parent
-- why: replaces ends by their roots; the graph shrinks several times per round
with

rooted as (

    select
        coalesce(far_parent.parent_no, component_edge.far_no) as left_no,
        coalesce(near_parent.parent_no, component_edge.near_no) as right_no
    from component_edge
    -- at most one parent
    left join component_parent as far_parent
        on far_parent.member_no = component_edge.far_no
    -- at most one parent
    left join component_parent as near_parent
        on near_parent.member_no = component_edge.near_no

)

select distinct
    greatest(left_no, right_no) as far_no,
    least(left_no, right_no) as near_no
from rooted
where left_no <> right_no
