-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_metrica__hits, stg_metrica__hits__goals, stg_metrica__visits, stg_metrica__visits__watches
-- why: the browser's cookie, and on logged-in pages the contact behind it
with

digit as (

    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit

),

place as (

    -- numbers of items, 1 to 1000; lists are coalesced below, because DuckDB 2.0 fails on
    -- split_part(...) = 'x' where all of the column is null
    select hundreds.digit * 100 + tens.digit * 10 + ones.digit + 1 as place_no
    from digit as ones
    -- many to many: every number once
    cross join digit as tens
    cross join digit as hundreds

),

visit as (

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

),

visit_hit as (

    -- hits of a visit: named by it, or its number, or its browser in its time
    select
        visit.visit_key,
        hit.watch_id
    from visit
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
    from visit
    -- one to many
    inner join stg_metrica__hits as hit
        on visit.visit_id = hit.visit_id
        and hit.occurred_at between visit.earliest_at and visit.latest_at
    where hit.counter_id = visit.counter_id or hit.counter_id is null
    union
    select
        visit.visit_key,
        hit.watch_id
    from visit
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
    from visit
    -- one to many
    inner join place on place.place_no <= visit.goal_count

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
    from visit
    -- one to many
    inner join place on place.place_no <= visit.order_count

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

),

told as (

    select
        visit.visit_key,
        visit.visit_key as natural_key,
        'visit' as event_kind,
        cast(null as varchar) as goal_id,
        cast(null as varchar) as order_id,
        cast(null as timestamp) as local_at,
        cast(null as double) as amount,
        cast(null as varchar) as currency
    from visit
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

),

logged_in as (

    select distinct
        concat('visit:', stated.counter_id, ':', stated.visit_year, ':', stated.visit_id) as visit_key,
        split_part(coalesce(stated.param_values, ''), ',', place.place_no) as contact_id
    from stg_metrica__visits as stated
    -- one to many
    inner join place on split_part(coalesce(stated.param_names, ''), ',', place.place_no) = 'client_id'
    where split_part(coalesce(stated.param_values, ''), ',', place.place_no) not in ('', '0')

)

select
    'hits' as stream,
    concat('hit:', watch_id) as natural_key,
    'ym_client' as kind,
    client_id as value
from stg_metrica__hits
where client_id is not null
union all
select
    'hits' as stream,
    concat('hit:', watch_id) as natural_key,
    'b24_contact' as kind,
    contact_id as value
from stg_metrica__hits
where contact_id is not null
union all
select
    'visits' as stream,
    told.natural_key,
    'ym_client' as kind,
    visit.client_id as value
from told
-- many to one
inner join visit on told.visit_key = visit.visit_key
where visit.client_id is not null
union all
select
    'visits' as stream,
    told.natural_key,
    'b24_contact' as kind,
    logged_in.contact_id as value
from told
-- one to many: whoever logged in during the visit
inner join logged_in on told.visit_key = logged_in.visit_key
