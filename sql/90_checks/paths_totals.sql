-- model: paths_totals
-- layer: checks
-- grain: one row per path table and segment whose total differs from the number of journeys
-- key: none
-- reads: journey, segment_member, trace_variant, step_flow, stage_flow, stage_path
-- why: no journey may be lost or counted twice between the journeys and a picture of them
with

placed_journey as (

    select
        journey.journey_id,
        segment_member.segment as own_segment
    from journey
    -- journeys of segments too small to be shown are in no picture
    inner join segment_member
        on journey.journey_id = segment_member.journey_id

),

journey_total as (

    select
        coalesce(own_segment, 'all') as segment,
        count(*) as journey_count
    from placed_journey
    group by grouping sets ((own_segment), ())

),

counted as (

    select
        'trace_variant' as place,
        segment,
        sum(journey_count) as total
    from trace_variant
    group by segment
    union all
    select
        'step_flow' as place,
        segment,
        sum(journey_count) as total
    from step_flow
    where next_activity = 'more' or next_activity like 'journey_end:%'
    group by segment
    union all
    select
        'stage_flow' as place,
        segment,
        sum(journey_count) as total
    from stage_flow
    where next_stage in ('won', 'lost', 'silent', 'open')
    group by segment
    union all
    select
        'stage_path' as place,
        segment,
        sum(journey_count) as total
    from stage_path
    group by segment

)

select
    counted.place,
    counted.segment,
    counted.total,
    journey_total.journey_count
from counted
left join journey_total
    on counted.segment = journey_total.segment
where counted.total is distinct from journey_total.journey_count
