-- model: listed_deal
-- layer: events
-- grain: one row per deal that only lists know
-- key: deal_id
-- reads: stg_pipedrive__deals, stg_pipedrive__deals_api, stg_pipedrive__deals_sheet
-- why: a deal in both kinds of list is told by the CSV, and by no list where the API told it
select
    'deals' as stream,
    deal_id,
    person_id,
    org_id,
    pipeline,
    status,
    amount,
    currency,
    customer_type,
    created_at,
    modified_at,
    case when status = 'won' then won_at when status = 'lost' then lost_at end as ended_at,
    closed_at,
    _file_id,
    _line
from stg_pipedrive__deals
where deal_id not in (select deal_id from stg_pipedrive__deals_api)
union all
select
    'deals_sheet' as stream,
    deal_id,
    person_id,
    org_id,
    pipeline,
    status,
    amount,
    currency,
    customer_type,
    created_at,
    modified_at,
    case when status = 'won' then won_at when status = 'lost' then lost_at end as ended_at,
    closed_at,
    _file_id,
    _line
from stg_pipedrive__deals_sheet
where deal_id not in (select deal_id from stg_pipedrive__deals_api)
    and deal_id not in (select deal_id from stg_pipedrive__deals)
