-- model: record_edge
-- layer: identity_rounds
-- grain: one row per pair of identifiers that are one by word of a source or of the project, or by two addresses
-- key: far_no, near_no
-- reads: star_edge, identifier_node, twin_record
-- why: what is known to be one is one before anything is weighed, so that it can never be a conflict
select
    greatest(star_edge.node_no, star_edge.anchor_no) as far_no,
    least(star_edge.node_no, star_edge.anchor_no) as near_no
from star_edge
-- one row per identifier
inner join identifier_node as node
    on node.node_no = star_edge.node_no
-- one row per identifier
inner join identifier_node as anchor
    on anchor.node_no = star_edge.anchor_no
where
    star_edge.merge_count > 0
    and node.blocked_reason is null
    and anchor.blocked_reason is null
    -- an override may join any two; a merge that a source tells of joins records of one kind
    and (star_edge.source = '' or node.kind = anchor.kind)

union

select
    far_no,
    near_no
from twin_record
