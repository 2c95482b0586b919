-- model: told
-- layer: events
-- grain: one row per visit, goal or order that no hit tells of
-- key: natural_key
-- reads: int_metrica__place, int_metrica__visit, stg_metrica__hits, stg_metrica__hits__goals, stg_metrica__visits__watches
-- why: says once what visits tell beyond the hits, so that no visit is counted twice and none is nobody's
with

visit_hit as (

    -- hits of a visit: named by it, or its number, or its browser in its time
    select
        visit.visit_key,
        hit.watch_id
    from int_metrica__visit as visit
    -- one to many
    inner join stg_metrica__visits__watches as watch
        on visit.counter_id = watch.counter_id
        and visit.visit_year = watch.visit_year
        and visit.visit_id = watch.visit_id
    -- one to one
    inner join stg_metrica__hits as hit on watch.item = hit.watch_id
    union
    select
        visit.visit_key,
        hit.watch_id
    from int_metrica__visit as visit
    -- one to many
    inner join stg_metrica__hits as hit
        on visit.visit_id = hit.visit_id
        and hit.occurred_at between visit.earliest_at and visit.latest_at
    where hit.counter_id = visit.counter_id or hit.counter_id is null
    union
    select
        visit.visit_key,
        hit.watch_id
    from int_metrica__visit as visit
    -- one to many
    inner join stg_metrica__hits as hit
        on visit.client_id = hit.client_id
        and hit.occurred_at between visit.earliest_at and visit.latest_at
    where hit.counter_id = visit.counter_id or hit.counter_id is null

),

seen_visit as (

    select distinct visit_key
    from visit_hit

),

seen_goal as (

    select distinct
        visit_hit.visit_key,
        goal.item as goal_id
    from visit_hit
    -- many to many: a hit may reach several goals
    inner join stg_metrica__hits__goals as goal on visit_hit.watch_id = goal.watch_id

),

reached as (

    select
        visit.visit_key,
        split_part(coalesce(visit.goal_ids, ''), ',', place.place_no) as goal_id,
        try_cast(split_part(coalesce(visit.goal_times, ''), ',', place.place_no) as timestamp) as local_at,
        place.place_no
    from int_metrica__visit as visit
    -- one to many
    inner join int_metrica__place as place on place.place_no <= visit.goal_count

),

untold_goal as (

    select
        reached.visit_key,
        reached.goal_id,
        reached.local_at,
        row_number() over (
            partition by reached.visit_key, reached.goal_id order by reached.local_at, reached.place_no
        ) as reach_no
    from reached
    -- one to at most one
    left join seen_goal on reached.visit_key = seen_goal.visit_key and reached.goal_id = seen_goal.goal_id
    where seen_goal.visit_key is null and reached.goal_id <> ''

),

ordered as (

    select
        visit.visit_key,
        split_part(coalesce(visit.order_ids, ''), ',', place.place_no) as order_id,
        try_cast(split_part(coalesce(visit.order_times, ''), ',', place.place_no) as timestamp) as local_at,
        try_cast(split_part(coalesce(visit.order_amounts, ''), ',', place.place_no) as double) as amount,
        split_part(coalesce(visit.order_money, ''), ',', place.place_no) as currency
    from int_metrica__visit as visit
    -- one to many
    inner join int_metrica__place as place on place.place_no <= visit.order_count

),

numbered_order as (

    -- sent twice, as pages of thanks are loaded twice: one order
    select
        visit_key,
        order_id,
        min(local_at) as local_at,
        max(amount) as amount,
        max(currency) as currency
    from ordered
    where order_id <> ''
    group by
        visit_key,
        order_id

)

select
    visit.visit_key,
    visit.visit_key as natural_key,
    'visit' as event_kind,
    cast(null as varchar) as goal_id,
    cast(null as varchar) as order_id,
    cast(null as timestamp) as local_at,
    cast(null as double) as amount,
    cast(null as varchar) as currency
from int_metrica__visit as visit
-- one to at most one
left join seen_visit on visit.visit_key = seen_visit.visit_key
where seen_visit.visit_key is null
union all
select
    visit_key,
    concat(visit_key, ':goal:', goal_id, ':', cast(reach_no as varchar)) as natural_key,
    'goal' as event_kind,
    goal_id,
    cast(null as varchar) as order_id,
    local_at,
    cast(null as double) as amount,
    cast(null as varchar) as currency
from untold_goal
union all
select
    visit_key,
    concat(visit_key, ':order:', md5(order_id)) as natural_key,
    'order_created' as event_kind,
    cast(null as varchar) as goal_id,
    order_id,
    local_at,
    amount,
    upper(currency) as currency
from numbered_order
