-- model: blocked_early
-- layer: identity_rounds
-- grain: one row per identifier that may join nobody, known before the rounds begin
-- key: node_no
-- reads: identifier_node, star_edge, identity_setting
-- not_null: reason
-- why: over-merging is the main fault of stitching; placeholders and role addresses stop here
with

fan_out as (

    select
        star_edge.node_no,
        anchor.kind,
        count(distinct star_edge.anchor_no) as anchor_count
    from star_edge
    -- one row per identifier
    inner join identifier_node as anchor
        on anchor.node_no = star_edge.anchor_no
    -- one row per identifier
    inner join identifier_node as node
        on node.node_no = star_edge.node_no
    where
        anchor.trust = 1
        and node.level = 1
        and node.blocked_reason is null
        and star_edge.clear_count > 0
    group by
        star_edge.node_no,
        anchor.kind

),

spread as (

    select distinct fan_out.node_no
    from fan_out
    cross join identity_setting
    where fan_out.anchor_count > identity_setting.fan_out_cap

)

select
    node_no,
    blocked_reason as reason
from identifier_node
where blocked_reason is not null

union all

select
    node_no,
    'fan_out' as reason
from spread
