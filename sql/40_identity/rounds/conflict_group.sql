-- model: conflict_group
-- layer: identity_rounds
-- grain: one row per group that holds two different records of one kind
-- key: group_no
-- reads: naming_record, identity_group
-- why: these few groups are taken apart again, tie by tie
select distinct group_no
from (
    select identity_group.group_no
    from naming_record
    -- one row per identifier
    inner join identity_group
        on identity_group.node_no = naming_record.node_no
    group by
        identity_group.group_no,
        naming_record.kind
    having count(distinct naming_record.record_no) > 1
) as crowded
