-- model: paths_drawn_graph_conserves
-- layer: checks
-- grain: one row per activity of the drawn graph that is entered more or less often than it is left
-- key: none
-- reads: path_graph, directly_follows
-- why: what is not drawn must run through "other": nothing may vanish with the noise, not even a start
with

flow as (

    select
        segment,
        activity as node,
        transition_count as outflow,
        0 as inflow
    from path_graph
    union all
    select
        segment,
        next_activity as node,
        0 as outflow,
        transition_count as inflow
    from path_graph
    where next_activity not like 'journey_end:%'
    union all
    -- the start is entered by as many as the whole graph says; segments too small to be drawn have no graph
    select
        segment,
        activity as node,
        0 as outflow,
        transition_count as inflow
    from directly_follows
    where activity = 'journey_start'
        and segment in (select path_graph.segment from path_graph)

)

select
    segment,
    node,
    sum(inflow) as inflow_count,
    sum(outflow) as outflow_count
from flow
group by segment, node
having sum(inflow) <> sum(outflow)
