-- model: paths_step_flow_conserves
-- layer: checks
-- grain: one row per node of the step Sankey whose inflow differs from its outflow
-- key: none
-- reads: step_flow
-- why: every journey that enters a step also leaves it, to a next step or to an ending
with

flow as (

    select
        segment,
        step_no,
        activity,
        journey_count as outflow,
        0 as inflow
    from step_flow
    where step_no > 1
    union all
    select
        segment,
        step_no + 1 as step_no,
        next_activity as activity,
        0 as outflow,
        journey_count as inflow
    from step_flow
    where next_activity <> 'more' and next_activity not like 'journey_end:%'

)

select
    segment,
    step_no,
    activity,
    sum(inflow) as inflow_count,
    sum(outflow) as outflow_count
from flow
group by segment, step_no, activity
having sum(inflow) <> sum(outflow)
