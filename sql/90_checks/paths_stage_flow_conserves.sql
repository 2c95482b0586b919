-- model: paths_stage_flow_conserves
-- layer: checks
-- grain: one row per stage of the stage Sankey whose inflow differs from its outflow
-- key: none
-- reads: stage_flow
-- why: on the way of progress every journey that enters a stage also leaves it, to a later one or to an ending
with

flow as (

    select
        segment,
        stage as node,
        journey_count as outflow,
        0 as inflow
    from stage_flow
    where stage <> 'journey_start'
    union all
    select
        segment,
        next_stage as node,
        0 as outflow,
        journey_count as inflow
    from stage_flow
    where next_stage not in ('won', 'lost', 'silent', 'open')

)

select
    segment,
    node,
    sum(inflow) as inflow_count,
    sum(outflow) as outflow_count
from flow
group by segment, node
having sum(inflow) <> sum(outflow)
