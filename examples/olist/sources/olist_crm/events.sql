-- model: events
-- layer: events
-- grain: one row per first contact with a future seller and per deal closed
-- key: stream, natural_key
-- reads: stg_olist_crm__deals, stg_olist_crm__leads
-- why: a lead tells where it came from; that is what divides sellers into segments
select
    'leads' as stream,
    concat('lead:', mql_id) as natural_key,
    'lead_created' as event_kind,
    concat('Lead: ', coalesce(origin, 'unknown')) as activity_raw,
    cast(contacted_on as timestamp) as occurred_at,
    'date_only' as ts_quality,
    'customer' as actor_type,
    'web' as channel,
    'in' as direction,
    concat('seller: ', coalesce(origin, 'unknown')) as customer_type,
    origin as utm_medium,
    _file_id as file_id,
    _line as line
from stg_olist_crm__leads
union all
select
    'deals' as stream,
    concat('deal:', mql_id) as natural_key,
    'deal_won' as event_kind,
    'Contract' as activity_raw,
    won_at as occurred_at,
    'exact' as ts_quality,
    'system' as actor_type,
    'crm' as channel,
    cast(null as varchar) as direction,
    cast(null as varchar) as customer_type,
    cast(null as varchar) as utm_medium,
    _file_id as file_id,
    _line as line
from stg_olist_crm__deals
