-- model: activity_step
-- layer: paths
-- grain: one row per run of one touchpoint inside a journey
-- key: journey_id, activity_no
-- reads: journey_step, journey, segment_member
-- why: collapses repeats and finds each next touchpoint once, so that every path table is a plain group-by
-- not_null: segment, person_id, activity, is_closed, ending, is_left_uncertain
with

named_step as (

    -- an event that no rule gave a touchpoint stays in the path, so that totals hold
    select
        journey_id,
        step_no,
        occurred_at,
        coalesce(nullif(touchpoint, ''), 'other') as activity
    from journey_step

),

marked_step as (

    select
        journey_id,
        step_no,
        occurred_at,
        activity,
        lag(activity) over (partition by journey_id order by step_no) as previous_activity
    from named_step

),

run as (

    select
        journey_id,
        activity,
        occurred_at,
        row_number() over (partition by journey_id order by step_no) as activity_no,
        lead(activity) over (partition by journey_id order by step_no) as next_activity,
        lead(occurred_at) over (partition by journey_id order by step_no) as next_at
    from marked_step
    where previous_activity is distinct from activity

)

select
    run.journey_id,
    journey.person_id,
    segment_member.segment,
    run.activity_no,
    run.activity,
    run.next_activity,
    date_diff(
        'second', date_trunc('second', run.occurred_at), date_trunc('second', run.next_at)
    ) as seconds_to_next,
    journey.ending <> 'open' as is_closed,
    journey.is_left_uncertain,
    journey.ending
from run
-- one journey per run
inner join journey
    on run.journey_id = journey.journey_id
-- one segment per journey
inner join segment_member
    on run.journey_id = segment_member.journey_id
