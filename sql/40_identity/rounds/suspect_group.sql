-- model: suspect_group
-- layer: identity_rounds
-- grain: one row per group that may be more than one person
-- key: group_no
-- reads: identity_group, identifier_node, hub_reach, identity_setting
-- why: finds the few groups that are worth a closer look, without one in memory
with

size as (

    select
        identity_group.group_no,
        count(*) as node_count,
        sum(case when identifier_node.kind = 'email' then 1 else 0 end) as email_count,
        sum(case when identifier_node.kind = 'phone' then 1 else 0 end) as phone_count
    from identity_group
    -- one row per identifier
    inner join identifier_node
        on identifier_node.node_no = identity_group.node_no
    group by identity_group.group_no
    having count(*) > 1

)

select size.group_no
from size
cross join identity_setting
-- at most one row per group
left join hub_reach
    on hub_reach.group_no = size.group_no
where
    size.node_count > identity_setting.review_cap
    or size.email_count > identity_setting.address_cap
    or size.phone_count > identity_setting.address_cap
    or hub_reach.node_count < size.node_count
