-- model: scores_curves_meet_drop_off
-- layer: checks
-- grain: one row per curve of losses that does not pass through the drop-off of its stage, or that falls
-- key: none
-- reads: stage_curve, metric_value
-- why: the curve of a stage page and the number on the map come from one estimator and must be one number
with

step as (

    select
        segment,
        stage,
        day_no,
        lost_share,
        lag(lost_share) over (partition by segment, stage order by day_no) as share_before
    from stage_curve

),

drop_off as (

    select
        segment,
        stage,
        estimate,
        horizon_days
    from metric_value
    where estimand = 'drop_off'

)

select
    step.segment,
    step.stage,
    step.day_no,
    step.lost_share
from step
-- one number per curve
inner join drop_off
    on step.segment = drop_off.segment and step.stage = drop_off.stage
where
    step.lost_share < step.share_before - 0.000000001
    or (
        step.day_no = drop_off.horizon_days
        and abs(step.lost_share - drop_off.estimate) > 0.000000001
    )
union all
select
    stage_curve.segment,
    stage_curve.stage,
    cast(null as bigint) as day_no,
    max(stage_curve.lost_share) as lost_share
from stage_curve
inner join drop_off
    on stage_curve.segment = drop_off.segment and stage_curve.stage = drop_off.stage
group by stage_curve.segment, stage_curve.stage
having sum(case when stage_curve.day_no = drop_off.horizon_days then 1 else 0 end) <> 1
