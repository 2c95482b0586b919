-- model: rfm_score
-- layer: change
-- grain: one row per customer who bought before the quarter began
-- key: person_id
-- reads: purchase, quarter_start
-- why: who buys lately, often and for much, as known when the quarter began, so that it foretells nothing
-- not_null: recency, frequency, money
with

past_buyer as (

    select
        purchase.person_id,
        max(purchase.purchased_at) as last_at,
        count(*) as purchase_count,
        sum(coalesce(purchase.amount, 0)) as total_amount,
        md5(purchase.person_id) as tie
    from purchase
    cross join quarter_start
    where purchase.purchased_at < quarter_start.started_at
    group by purchase.person_id

)

select
    person_id,
    -- the latest fifth is 5
    ntile(5) over (order by last_at, tie) as recency,
    ntile(5) over (order by purchase_count, tie) as frequency,
    ntile(5) over (order by total_amount, tie) as money
from past_buyer
