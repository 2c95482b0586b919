-- model: told_card
-- layer: events
-- grain: one row per deal or lead and kind of delivery
-- key: entity, card_id, kind_no
-- reads: stg_bitrix24__deal_items, stg_bitrix24__deals, stg_bitrix24__deals_xls, stg_bitrix24__lead_items, stg_bitrix24__leads, stg_bitrix24__leads_xls
-- why: what each kind of delivery says of a deal or lead, the better informed kind first
-- what each kind of delivery says of a deal or lead, the better informed kind first
select
    'deal' as entity, 1 as kind_no, 'deal_items' as stream, deal_id as card_id, title, category,
    cast(null as varchar) as pipeline, amount, amount as line_amount, cast(null as decimal(18, 2)) as line_price,
    cast(null as decimal(18, 2)) as line_quantity, currency, customer_type,
    created_at, modified_at, utm_source, utm_medium, utm_campaign, _file_id, _line
from stg_bitrix24__deal_items
union all
select
    'deal' as entity, 2 as kind_no, 'deals' as stream, deal_id as card_id, title,
    cast(null as varchar) as category, pipeline, amount, line_amount, line_price, line_quantity, currency,
    customer_type, created_at, modified_at, utm_source, utm_medium, utm_campaign, _file_id, _line
from stg_bitrix24__deals
union all
select
    'deal' as entity, 3 as kind_no, 'deals_xls' as stream, deal_id as card_id, title,
    cast(null as varchar) as category, pipeline, amount, line_amount, line_price, line_quantity, currency,
    customer_type, created_at, modified_at, utm_source, utm_medium, utm_campaign, _file_id, _line
from stg_bitrix24__deals_xls
union all
select
    'lead' as entity, lead.kind_no, lead.stream, lead.card_id, lead.title, cast(null as varchar) as category,
    cast(null as varchar) as pipeline, cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as line_amount, cast(null as decimal(18, 2)) as line_price,
    cast(null as decimal(18, 2)) as line_quantity, cast(null as varchar) as currency,
    cast(null as varchar) as customer_type, lead.created_at, lead.modified_at,
    lead.utm_source, lead.utm_medium, lead.utm_campaign, lead._file_id, lead._line
from (
    select
        1 as kind_no, 'lead_items' as stream, lead_id as card_id, title, created_at, modified_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_bitrix24__lead_items
    union all
    select
        2 as kind_no, 'leads' as stream, lead_id as card_id, title, created_at, modified_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_bitrix24__leads
    union all
    select
        3 as kind_no, 'leads_xls' as stream, lead_id as card_id, title, created_at, modified_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_bitrix24__leads_xls
) as lead
