-- model: card
-- layer: events
-- grain: one row per deal or lead
-- key: entity, card_id
-- reads: int_bitrix24__told_card
-- why: a card is told by the best informed kind of delivery alone
with

ranked_card as (

    select
        entity, kind_no, stream, card_id, title, category, currency, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line,
        -- a line of a product holds price x quantity, and the lines add up; a portal that repeats the deal's total on
        -- every line gives itself away, for there the cell is not price x quantity
        case
            when kind_no = 1 then amount
            when line_price is null or line_quantity is null then line_amount
            when abs(line_price * line_quantity - line_amount) > 0.01 + 0.005 * abs(line_price) then line_amount
            else amount
        end as amount,
        -- names that only lists show
        max(pipeline) over (partition by entity, card_id) as pipeline,
        coalesce(customer_type, max(customer_type) over (partition by entity, card_id)) as customer_type,
        row_number() over (partition by entity, card_id order by kind_no) as telling_no
    from int_bitrix24__told_card

)

select
    entity, stream, card_id, title, category, pipeline, amount, currency, customer_type, created_at,
    utm_source, utm_medium, utm_campaign, _file_id, _line,
    case
        when lower(title) in ('тест', 'test', 'тестовая сделка', 'тестовый лид') then 'test'
    end as exclude
from ranked_card
where telling_no = 1
