-- model: trace_variant
-- layer: paths
-- grain: one row per segment, order of stages and ending
-- key: segment, variant_no
-- reads: journey, stage_episode, segment_member
-- why: the distinct ways through the stages; the key is the text of the way itself, never a hash of a list
-- not_null: variant_id, stages, ending, journey_count
with

marked_episode as (

    select
        journey_id,
        episode_no,
        stage,
        lag(stage) over (partition by journey_id order by episode_no) as previous_stage
    from stage_episode

),

stage_trace as (

    select
        journey_id,
        string_agg(stage, '>' order by episode_no) as stages
    from marked_episode
    where previous_stage is distinct from stage
    group by journey_id

),

journey_trace as (

    -- a journey without any stage keeps an empty trace, so that totals hold
    select
        journey.journey_id,
        journey.person_id,
        segment_member.segment as own_segment,
        coalesce(stage_trace.stages, '') as trace,
        journey.ending,
        case when journey.is_left_uncertain then 1 else 0 end as is_uncertain,
        date_diff(
            'second',
            date_trunc('second', journey.started_at),
            date_trunc('second', journey.last_event_at)
        ) / 86400.0 as active_days
    from journey
    -- one segment per journey
    inner join segment_member
        on journey.journey_id = segment_member.journey_id
    left join stage_trace
        on journey.journey_id = stage_trace.journey_id

),

variant as (

    select
        coalesce(own_segment, 'all') as segment,
        trace,
        ending,
        count(*) as journey_count,
        count(distinct person_id) as customer_count,
        cast(sum(is_uncertain) as bigint) as uncertain_count,
        quantile_cont(active_days, 0.5) as median_days
    from journey_trace
    group by grouping sets ((own_segment, trace, ending), (trace, ending))

)

select
    segment,
    row_number() over (
        partition by segment order by journey_count desc, trace, ending
    ) as variant_no,
    md5(concat(trace, '|', ending)) as variant_id,
    trace as stages,
    ending,
    journey_count,
    customer_count,
    uncertain_count,
    journey_count / cast(
        sum(journey_count) over (partition by segment) as double
    ) as journey_share,
    sum(journey_count) over (
        partition by segment
        order by journey_count desc, trace, ending
        rows between unbounded preceding and current row
    ) / cast(sum(journey_count) over (partition by segment) as double) as cumulative_share,
    median_days
from variant
