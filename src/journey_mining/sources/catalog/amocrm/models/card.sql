-- model: card
-- layer: events
-- grain: one row per deal
-- key: deal_id
-- reads: int_amocrm__pipeline_name, stg_amocrm__deal_items, stg_amocrm__deals_comma, stg_amocrm__deals_list, stg_amocrm__deals_xlsx
-- why: a deal is told by the best informed kind of delivery alone
with

told_card as (

    select
        1 as kind_no, 'deal_items' as stream, deal_id, title, pipeline_id, status_id, cast(null as varchar) as pipeline,
        amount, customer_type, created_at, utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_amocrm__deal_items
    union all
    select
        2 as kind_no, 'deals_list' as stream, deal_id, title, cast(null as varchar) as pipeline_id,
        cast(null as varchar) as status_id, pipeline, amount, customer_type, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_amocrm__deals_list
    union all
    select
        3 as kind_no, 'deals_xlsx' as stream, deal_id, title, cast(null as varchar) as pipeline_id,
        cast(null as varchar) as status_id, pipeline, amount, customer_type, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_amocrm__deals_xlsx
    union all
    select
        4 as kind_no, 'deals_comma' as stream, deal_id, title, cast(null as varchar) as pipeline_id,
        cast(null as varchar) as status_id, pipeline, amount, customer_type, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_amocrm__deals_comma

),

ranked_card as (

    select
        kind_no, stream, deal_id, title, pipeline_id, amount, customer_type, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line,
        -- names that only lists show
        max(pipeline) over (partition by deal_id) as pipeline,
        row_number() over (partition by deal_id order by kind_no) as telling_no
    from told_card

)

select
    card.stream, card.deal_id, card.amount, card.customer_type, card.created_at, card.pipeline_id,
    card.utm_source, card.utm_medium, card.utm_campaign, card._file_id, card._line,
    coalesce(named.pipeline, card.pipeline) as pipeline,
    case
        when lower(card.title) in ('тест', 'test', 'тестовая сделка', 'test lead') then 'test'
    end as exclude
from ranked_card as card
-- many to at most one
left join int_amocrm__pipeline_name as named on card.pipeline_id = named.pipeline_id
where card.telling_no = 1
