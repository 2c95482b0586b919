-- model: visit
-- layer: events
-- grain: one row per visit
-- key: visit_key
-- reads: stg_metrica__visits
-- why: names a visit and its span of time once
select
    counter_id,
    visit_year,
    visit_id,
    concat('visit:', counter_id, ':', visit_year, ':', visit_id) as visit_key,
    client_id,
    started_at,
    cast(started_local as timestamp) as started_local,
    started_at - interval '1' minute as earliest_at,
    started_at + coalesce(seconds, 0) * interval '1' second + interval '1' minute as latest_at,
    goal_ids,
    goal_times,
    order_ids,
    order_times,
    order_amounts,
    order_money,
    length(goal_ids) - length(replace(goal_ids, ',', '')) + 1 as goal_count,
    length(order_ids) - length(replace(order_ids, ',', '')) + 1 as order_count
from stg_metrica__visits
