-- model: identifier_edge
-- layer: identity
-- grain: one row per pair of identifiers and rule that ties them
-- key: kind_a, value_a, kind_b, value_b, rule
-- reads: star_edge, identifier_node, blocked_node, identity_group, cut_tie, device_span
-- not_null: strength, event_count, first_seen_at, last_seen_at
-- why: no two identifiers are one person without a stored reason; an edge that joins nobody says why
with

handed_over as (

    select distinct node_no
    from device_span

),

barred as (

    select
        blocked_node.node_no,
        -- of several reasons the first by name: one is enough to explain
        min(
            case
                when blocked_node.reason = 'shared_device' and handed_over.node_no is not null then 'handed_over'
                else blocked_node.reason
            end
        ) as reason
    from blocked_node
    -- at most one row per identifier
    left join handed_over
        on handed_over.node_no = blocked_node.node_no
    group by blocked_node.node_no

),

weighed as (

    select
        star_edge.source,
        star_edge.event_count,
        star_edge.clear_count,
        star_edge.counted_count,
        star_edge.merge_count,
        star_edge.first_seen_at,
        star_edge.last_seen_at,
        least(star_edge.node_no, star_edge.anchor_no) as low_no,
        greatest(star_edge.node_no, star_edge.anchor_no) as high_no,
        coalesce(anchor_block.reason, node_block.reason) as node_reason
    from star_edge
    -- at most one row per identifier
    left join barred as node_block
        on node_block.node_no = star_edge.node_no
    -- at most one row per identifier
    left join barred as anchor_block
        on anchor_block.node_no = star_edge.anchor_no

)

select
    low_node.kind as kind_a,
    low_node.value as value_a,
    high_node.kind as kind_b,
    high_node.value as value_b,
    case
        when weighed.source = '' then 'override'
        when weighed.merge_count > 0 and low_node.kind = high_node.kind then concat('merge:', weighed.source)
        else concat('same_event:', weighed.source)
    end as rule,
    case case when weighed.merge_count > 0 then 1 else greatest(low_node.trust, high_node.trust) end
        when 1 then 'strong'
        when 2 then 'medium'
        else 'weak'
    end as strength,
    weighed.event_count,
    weighed.first_seen_at,
    weighed.last_seen_at,
    case
        when cut_tie.reason is not null then cut_tie.reason
        -- what a source or the project says outright holds whatever evidence says
        when weighed.merge_count > 0 and low_group.group_no = high_group.group_no then null
        when weighed.node_reason is not null then weighed.node_reason
        when weighed.counted_count = 0 then 'excluded_event'
        when weighed.clear_count = 0 then 'several_people'
        -- nothing is wrong with either end, but joining them would join two people
        when low_group.group_no <> high_group.group_no then 'conflict'
    end as blocked_reason
from weighed
-- one row per identifier
inner join identifier_node as low_node
    on low_node.node_no = weighed.low_no
-- one row per identifier
inner join identifier_node as high_node
    on high_node.node_no = weighed.high_no
-- one row per identifier
inner join identity_group as low_group
    on low_group.node_no = weighed.low_no
-- one row per identifier
inner join identity_group as high_group
    on high_group.node_no = weighed.high_no
-- at most one row per pair
left join cut_tie
    on
        cut_tie.low_no = weighed.low_no
        and cut_tie.high_no = weighed.high_no
