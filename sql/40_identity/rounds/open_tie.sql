-- model: open_tie
-- layer: identity_rounds
-- grain: one row per pair of identifiers of one group that evidence ties together
-- key: low_no, high_no
-- reads: star_edge, identifier_node, identity_group, blocked_node
-- not_null: group_no, trust, event_count, first_seen_at
-- why: the graph of a group, as it is weighed when the group may be two people
with

barred as (

    select distinct node_no
    from blocked_node

)

select
    least(star_edge.node_no, star_edge.anchor_no) as low_no,
    greatest(star_edge.node_no, star_edge.anchor_no) as high_no,
    min(node_group.group_no) as group_no,
    -- what a source or the project says outright is stronger than any evidence
    min(
        case
            when star_edge.source = '' then -1
            when star_edge.merge_count > 0 then 0
            else greatest(node.trust, anchor.trust)
        end
    ) as trust,
    sum(star_edge.clear_count) as event_count,
    min(star_edge.first_seen_at) as first_seen_at
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
    on
        anchor_group.node_no = star_edge.anchor_no
        and anchor_group.group_no = node_group.group_no
-- at most one row per identifier
left join barred as node_barred
    on node_barred.node_no = star_edge.node_no
-- at most one row per identifier
left join barred as anchor_barred
    on anchor_barred.node_no = star_edge.anchor_no
where
    star_edge.clear_count > 0
    -- a word of a source or of the project holds also where evidence would not
    and (
        star_edge.merge_count > 0
        or (node_barred.node_no is null and anchor_barred.node_no is null)
    )
group by
    least(star_edge.node_no, star_edge.anchor_no),
    greatest(star_edge.node_no, star_edge.anchor_no)
