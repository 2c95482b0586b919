-- model: purchase
-- layer: scores
-- grain: one row per deal won or order placed inside a journey, up to the cutoff
-- key: event_id
-- reads: journey_step, segment_member, event, event_object, run_setting
-- why: what customers buy, when and for how much: the ground of repeat purchase, value and opportunity
-- not_null: person_id, segment, purchased_at, purchase_no
with

cancelled_order as (

    select distinct bought.event_id
    from event_object as bought
    inner join event_object as called_off
        on bought.object_type = called_off.object_type and bought.object_id = called_off.object_id
    inner join event
        on called_off.event_id = event.event_id
    where event.event_kind = 'order_cancelled' and bought.object_type = 'order'

)

select
    journey_step.event_id,
    journey_step.journey_id,
    journey_step.person_id,
    segment_member.segment,
    date_trunc('second', journey_step.occurred_at) as purchased_at,
    event.amount,
    coalesce(event.currency, '') as currency,
    row_number() over (
        partition by journey_step.person_id
        order by journey_step.occurred_at, journey_step.order_key, journey_step.event_id
    ) as purchase_no
from journey_step
-- one to one, and one segment per journey
inner join event
    on journey_step.event_id = event.event_id
inner join segment_member
    on journey_step.journey_id = segment_member.journey_id
left join cancelled_order
    on journey_step.event_id = cancelled_order.event_id
cross join run_setting
where
    journey_step.event_kind in ('deal_won', 'order_created')
    and journey_step.occurred_at <= run_setting.as_of
    and cancelled_order.event_id is null
