-- model: stage_flow
-- layer: paths
-- grain: one row per segment, stage and what came next on the way of progress
-- key: segment, stage, next_stage
-- reads: stage_advance
-- why: links of the stage Sankey; they only go forward, so that every stage is entered as often as it is left
select
    coalesce(segment, 'all') as segment,
    stage,
    next_stage,
    count(distinct journey_id) as journey_count,
    count(distinct person_id) as customer_count
from stage_advance
group by grouping sets ((segment, stage, next_stage), (stage, next_stage))
