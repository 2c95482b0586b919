-- model: customer_loyalty
-- layer: scores
-- grain: one row per customer whose first known purchase lies in the time observed
-- key: person_id
-- reads: purchase, person_event, run_setting
-- why: who buys again, and who falls silent after buying; both counted from the first purchase that was seen
-- not_null: segment, journey_id, followed_days, active_days, is_silent
with

first_purchase as (

    select
        purchase.person_id,
        purchase.journey_id,
        purchase.segment,
        purchase.purchased_at,
        date_trunc('second', run_setting.as_of) as as_of_second,
        run_setting.silence_days
    from purchase
    cross join run_setting
    where purchase.purchase_no = 1 and purchase.purchased_at >= run_setting.observed_from

),

second_purchase as (

    select
        first_purchase.person_id,
        min(purchase.purchased_at) as purchased_at
    from first_purchase
    inner join purchase
        on first_purchase.person_id = purchase.person_id
    where purchase.purchased_at > first_purchase.purchased_at
    group by first_purchase.person_id

),

sign as (

    -- from each sign of life to the next, or to the cutoff
    select
        first_purchase.person_id,
        date_trunc('second', person_event.occurred_at) as seen_at,
        lead(date_trunc('second', person_event.occurred_at), 1, first_purchase.as_of_second) over (
            partition by person_event.person_id order by person_event.event_no
        ) as next_at
    from first_purchase
    inner join person_event
        on first_purchase.person_id = person_event.person_id
    where
        person_event.is_life_sign
        and person_event.occurred_at >= first_purchase.purchased_at
        and person_event.occurred_at <= first_purchase.as_of_second

),

last_sign as (

    -- before the first silence that was longer than the threshold
    select
        sign.person_id,
        min(sign.seen_at) as seen_at
    from sign
    cross join run_setting
    where date_diff('second', sign.seen_at, sign.next_at) > run_setting.silence_days * 86400
    group by sign.person_id

)

select
    first_purchase.person_id,
    first_purchase.journey_id,
    first_purchase.segment,
    first_purchase.purchased_at as first_purchased_at,
    date_diff('second', first_purchase.purchased_at, first_purchase.as_of_second) / cast(86400 as double)
        as followed_days,
    date_diff('second', first_purchase.purchased_at, second_purchase.purchased_at) / cast(86400 as double)
        as next_purchase_days,
    -- a silence is known only once the threshold has passed
    case
        when last_sign.person_id is null
            then
                date_diff('second', first_purchase.purchased_at, first_purchase.as_of_second)
                / cast(86400 as double)
        else
            date_diff('second', first_purchase.purchased_at, last_sign.seen_at) / cast(86400 as double)
            + first_purchase.silence_days
    end as active_days,
    last_sign.person_id is not null as is_silent
from first_purchase
-- at most one row per customer each
left join second_purchase
    on first_purchase.person_id = second_purchase.person_id
left join last_sign
    on first_purchase.person_id = last_sign.person_id
