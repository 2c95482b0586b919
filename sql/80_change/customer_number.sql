-- model: customer_number
-- layer: change
-- grain: one row per segment, customer and field of which a number is known
-- key: segment, person_id, field
-- reads: segment_customer, journey_step, segment_member, purchase, local_clock
-- why: what a persona card says in numbers - how long known, how often, for how much
-- not_null: amount
with

own_purchase as (

    select
        purchase.segment,
        purchase.person_id,
        count(*) as purchase_count,
        quantile_cont(purchase.amount, 0.5) as usual_amount
    from purchase
    -- amounts in other currencies cannot be compared
    inner join local_clock
        on purchase.currency = local_clock.currency
    where purchase.amount is not null
    group by purchase.segment, purchase.person_id

),

step_count as (

    select
        segment_member.segment,
        journey_step.person_id,
        count(*) as step_count,
        sum(case when journey_step.event_kind = 'ticket_created' then 1 else 0 end) as ticket_count
    from journey_step
    -- one segment per journey
    inner join segment_member
        on journey_step.journey_id = segment_member.journey_id
    group by segment_member.segment, journey_step.person_id

)

select
    segment,
    person_id,
    'tenure_days' as field,
    tenure_days as amount
from segment_customer

union all

select
    segment,
    person_id,
    'journeys' as field,
    cast(journey_count as double) as amount
from segment_customer

union all

select
    segment,
    person_id,
    'touches' as field,
    cast(step_count as double) as amount
from step_count

union all

select
    segment,
    person_id,
    'tickets' as field,
    cast(ticket_count as double) as amount
from step_count

union all

select
    segment,
    person_id,
    'purchases' as field,
    cast(purchase_count as double) as amount
from own_purchase

union all

select
    segment,
    person_id,
    'purchase_amount' as field,
    usual_amount as amount
from own_purchase
