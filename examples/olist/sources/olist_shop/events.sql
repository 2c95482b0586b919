-- model: events
-- layer: events
-- grain: one row per step of an order, once for its buyer and once for each of its sellers; and one per review
-- key: stream, natural_key
-- reads: stg_olist_shop__customers, stg_olist_shop__items, stg_olist_shop__orders, stg_olist_shop__reviews
-- why: an order is a purchase to one person and a sale to another; a review judges the part of the way gone by then
with

seller_of_order as (

    select distinct
        order_id,
        seller_id
    from stg_olist_shop__items

),

order_step as (

    select
        order_id,
        1 as step_no,
        'created' as step,
        purchased_at as occurred_at,
        'exact' as ts_quality
    from stg_olist_shop__orders
    union all
    select
        order_id,
        2 as step_no,
        'paid' as step,
        approved_at as occurred_at,
        'exact' as ts_quality
    from stg_olist_shop__orders
    union all
    select
        order_id,
        3 as step_no,
        'shipped' as step,
        shipped_at as occurred_at,
        'exact' as ts_quality
    from stg_olist_shop__orders
    union all
    select
        order_id,
        4 as step_no,
        'delivered' as step,
        delivered_at as occurred_at,
        'exact' as ts_quality
    from stg_olist_shop__orders
    union all
    select
        order_id,
        5 as step_no,
        status as step,
        -- the export does not date a cancellation; the promised day is when it can be known at the latest
        coalesce(promised_at, purchased_at) as occurred_at,
        'approx' as ts_quality
    from stg_olist_shop__orders
    where status in ('canceled', 'unavailable')

)

select
    'orders' as stream,
    concat('buyer:', step.order_id, ':', step.step) as natural_key,
    concat('order_', step.step) as event_kind,
    concat('Order ', step.step) as activity_raw,
    step.occurred_at,
    step.ts_quality,
    cast(step.step_no as bigint) as order_hint,
    case when step.step_no = 1 then 'customer' else 'system' end as actor_type,
    'shop' as channel,
    concat('buyer: ', case when buyer.state = 'SP' then 'SP' else 'other state' end) as customer_type,
    cast(null as varchar) as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    cast(null as varchar) as asked_stage
from order_step as step
-- many to one
inner join stg_olist_shop__orders as placed on step.order_id = placed.order_id
-- one to at most one
left join stg_olist_shop__customers as buyer on placed.customer_id = buyer.customer_id
where step.occurred_at is not null
union all
select
    'orders' as stream,
    concat('seller:', seller.seller_id, ':', step.order_id, ':', step.step) as natural_key,
    concat('sale_', step.step) as event_kind,
    concat('Sale ', step.step) as activity_raw,
    step.occurred_at,
    step.ts_quality,
    cast(step.step_no as bigint) as order_hint,
    'system' as actor_type,
    'shop' as channel,
    cast(null as varchar) as customer_type,
    cast(null as varchar) as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    cast(null as varchar) as asked_stage
from order_step as step
-- one to many
inner join seller_of_order as seller on step.order_id = seller.order_id
where step.occurred_at is not null
union all
select
    'reviews' as stream,
    concat('review:', review.review_id, ':', review.order_id) as natural_key,
    'review' as event_kind,
    'Review' as activity_raw,
    review.answered_at as occurred_at,
    'exact' as ts_quality,
    cast(9 as bigint) as order_hint,
    'customer' as actor_type,
    'survey' as channel,
    cast(null as varchar) as customer_type,
    'in' as direction,
    concat(review.score, '/5') as score_raw,
    (review.score - 1) / 4.0 as score_norm,
    case
        when placed.delivered_at <= review.answered_at then 'delivery'
        when placed.shipped_at <= review.answered_at then 'dispatch'
        when placed.approved_at <= review.answered_at then 'payment'
        else 'order'
    end as asked_stage
from stg_olist_shop__reviews as review
-- many to one
left join stg_olist_shop__orders as placed on review.order_id = placed.order_id
