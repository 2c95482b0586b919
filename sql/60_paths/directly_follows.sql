-- model: directly_follows
-- layer: paths
-- grain: one row per segment and pair of activities that follow each other
-- key: segment, activity, next_activity
-- reads: activity_step
-- why: the graph of real paths; only closed journeys whose start was seen, because others have false starts and ends
with

followed_step as (

    select
        segment as own_segment,
        journey_id,
        person_id,
        activity_no,
        activity,
        coalesce(next_activity, concat('journey_end:', ending)) as follower,
        seconds_to_next
    from activity_step
    where is_closed and not is_left_uncertain

),

edge as (

    select
        own_segment,
        journey_id,
        person_id,
        activity,
        follower,
        seconds_to_next
    from followed_step
    union all
    select
        own_segment,
        journey_id,
        person_id,
        'journey_start' as activity,
        activity as follower,
        null as seconds_to_next
    from followed_step
    where activity_no = 1

)

select
    coalesce(own_segment, 'all') as segment,
    activity,
    follower as next_activity,
    count(*) as transition_count,
    count(distinct journey_id) as journey_count,
    count(distinct person_id) as customer_count,
    quantile_cont(seconds_to_next, 0.5) as median_seconds,
    -- of whole seconds it has one digit after the point; more are noise of the processor
    round(quantile_cont(seconds_to_next, 0.9), 1) as p90_seconds
from edge
group by grouping sets ((own_segment, activity, follower), (activity, follower))
