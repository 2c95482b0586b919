-- model: hub_reach
-- layer: identity_rounds
-- grain: one row per group with ties
-- key: group_no
-- reads: open_tie
-- not_null: node_count
-- why: where all lie within two steps of one, no two are further apart than four: most groups need no closer look
with

end_pair as (

    select
        group_no,
        low_no as here_no,
        high_no as there_no
    from open_tie

    union all

    select
        group_no,
        high_no as here_no,
        low_no as there_no
    from open_tie

),

degree as (

    select
        group_no,
        here_no,
        row_number() over (
            partition by group_no
            order by count(*) desc, here_no
        ) as rank_no
    from end_pair
    group by
        group_no,
        here_no

),

near_hub as (

    select
        degree.group_no,
        degree.here_no as node_no
    from degree
    where degree.rank_no = 1

    union

    select
        degree.group_no,
        end_pair.there_no as node_no
    from degree
    -- its neighbours
    inner join end_pair
        on end_pair.here_no = degree.here_no
    where degree.rank_no = 1

),

within_two as (

    select
        group_no,
        node_no
    from near_hub

    union

    select
        near_hub.group_no,
        end_pair.there_no as node_no
    from near_hub
    -- neighbours of neighbours
    inner join end_pair
        on end_pair.here_no = near_hub.node_no

)

select
    group_no,
    count(*) as node_count
from within_two
group by group_no
