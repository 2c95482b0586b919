-- model: scores_shares_add_up
-- layer: checks
-- grain: one row per segment and stage whose shares do not add up to one
-- key: none
-- reads: metric_value
-- why: whoever entered a stage has moved on, is lost, moved back or is under way, and nothing else
with

share as (

    select
        segment,
        stage,
        sum(estimate) as total,
        count(estimate) as estimate_count
    from metric_value
    where estimand in ('drop_off', 'moved_on', 'moved_back', 'under_way')
    group by segment, stage

)

select
    segment,
    stage,
    total,
    estimate_count
from share
where estimate_count <> 0 and (estimate_count <> 4 or abs(total - 1) > 0.000000001)
