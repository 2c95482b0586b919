-- model: bridge_touch
-- layer: identity_rounds
-- grain: one row per group that names nobody by itself and is tied to some that do
-- key: group_no
-- reads: level_edge, naming_group
-- not_null: naming_count, nearest_no
-- why: tells whether an identifier belongs to one person or is shared by several
with

end_pair as (

    select
        far_no as bridge_no,
        near_no as naming_no
    from level_edge

    union all

    select
        near_no as bridge_no,
        far_no as naming_no
    from level_edge

)

select
    end_pair.bridge_no as group_no,
    count(*) as naming_count,
    min(end_pair.naming_no) as nearest_no
from end_pair
-- keeps the ends that are somebody
inner join naming_group
    on naming_group.group_no = end_pair.naming_no
-- at most one row per group
left join naming_group as itself
    on itself.group_no = end_pair.bridge_no
where itself.group_no is null
group by end_pair.bridge_no
