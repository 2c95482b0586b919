-- model: paths_graph_conserves
-- layer: checks
-- grain: one row per activity of the graph that is entered more or less often than it is left
-- key: none
-- reads: directly_follows
-- why: with journey_start and journey_end in the graph, nothing may appear or vanish between them
with

flow as (

    select
        segment,
        activity as node,
        transition_count as outflow,
        0 as inflow
    from directly_follows
    where activity <> 'journey_start'
    union all
    select
        segment,
        next_activity as node,
        0 as outflow,
        transition_count as inflow
    from directly_follows
    where next_activity not like 'journey_end:%'

)

select
    segment,
    node,
    sum(inflow) as inflow_count,
    sum(outflow) as outflow_count
from flow
group by segment, node
having sum(inflow) <> sum(outflow)
