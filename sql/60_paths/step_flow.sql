-- model: step_flow
-- layer: paths
-- grain: one row per segment, step and pair of activities
-- key: segment, step_no, activity, next_activity
-- reads: activity_step
-- why: links of the step Sankey: the first 8 steps of all journeys, open ones with an ending of their own
with

link as (

    select
        segment as own_segment,
        journey_id,
        person_id,
        activity_no,
        activity,
        case
            when next_activity is null then concat('journey_end:', ending)
            when activity_no = 8 then 'more'
            else next_activity
        end as follower
    from activity_step
    where activity_no <= 8

)

select
    coalesce(own_segment, 'all') as segment,
    activity_no as step_no,
    activity,
    follower as next_activity,
    count(distinct journey_id) as journey_count,
    count(distinct person_id) as customer_count
from link
group by
    grouping sets (
        (own_segment, activity_no, activity, follower), (activity_no, activity, follower)
    )
