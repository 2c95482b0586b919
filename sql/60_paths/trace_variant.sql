-- model: trace_variant
-- layer: paths
-- grain: one row per segment, order of stages and ending
-- key: segment, variant_no
-- reads: stage_trace
-- why: the distinct ways through the stages; the key is the text of the way itself, never a hash of a list
-- not_null: variant_id, stages, ending, journey_count
with

marked_trace as (

    select
        segment as own_segment,
        person_id,
        stages,
        ending,
        active_days,
        case when is_left_uncertain then 1 else 0 end as is_uncertain
    from stage_trace

),

variant as (

    select
        coalesce(own_segment, 'all') as segment,
        stages,
        ending,
        count(*) as journey_count,
        count(distinct person_id) as customer_count,
        cast(sum(is_uncertain) as bigint) as uncertain_count,
        quantile_cont(active_days, 0.5) as median_days
    from marked_trace
    group by grouping sets ((own_segment, stages, ending), (stages, ending))

)

select
    segment,
    row_number() over (
        partition by segment order by journey_count desc, stages, ending
    ) as variant_no,
    md5(concat(stages, '|', ending)) as variant_id,
    stages,
    ending,
    journey_count,
    customer_count,
    uncertain_count,
    journey_count / cast(
        sum(journey_count) over (partition by segment) as double
    ) as journey_share,
    sum(journey_count) over (
        partition by segment
        order by journey_count desc, stages, ending
        rows between unbounded preceding and current row
    ) / cast(sum(journey_count) over (partition by segment) as double) as cumulative_share,
    median_days
from variant
