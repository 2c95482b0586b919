-- model: event_identifiers
-- layer: events
-- grain: one row per event of an order or a review: its buyer, or its seller
-- key: stream, natural_key
-- reads: stg_olist_shop__customers, stg_olist_shop__items, stg_olist_shop__orders, stg_olist_shop__reviews
-- why: buyers and sellers are different kinds of people; an order must not make them one
with

order_step as (

    select
        order_id,
        'created' as step
    from stg_olist_shop__orders
    union all
    select
        order_id,
        'paid' as step
    from stg_olist_shop__orders
    where approved_at is not null
    union all
    select
        order_id,
        'shipped' as step
    from stg_olist_shop__orders
    where shipped_at is not null
    union all
    select
        order_id,
        'delivered' as step
    from stg_olist_shop__orders
    where delivered_at is not null
    union all
    select
        order_id,
        status as step
    from stg_olist_shop__orders
    where status in ('canceled', 'unavailable')

)

select
    'orders' as stream,
    concat('buyer:', step.order_id, ':', step.step) as natural_key,
    'external_id' as kind,
    buyer.buyer_id as value
from order_step as step
-- many to one
inner join stg_olist_shop__orders as placed on step.order_id = placed.order_id
-- one to one
inner join stg_olist_shop__customers as buyer on placed.customer_id = buyer.customer_id
union all
select distinct
    'orders' as stream,
    concat('seller:', item.seller_id, ':', step.order_id, ':', step.step) as natural_key,
    'user_id' as kind,
    item.seller_id as value
from order_step as step
-- many to many
inner join stg_olist_shop__items as item on step.order_id = item.order_id
union all
select
    'reviews' as stream,
    concat('review:', review.review_id, ':', review.order_id) as natural_key,
    'external_id' as kind,
    buyer.buyer_id as value
from stg_olist_shop__reviews as review
-- many to one
inner join stg_olist_shop__orders as placed on review.order_id = placed.order_id
-- one to one
inner join stg_olist_shop__customers as buyer on placed.customer_id = buyer.customer_id
