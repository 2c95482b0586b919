-- model: event_identifiers
-- layer: events
-- grain: one row per identifier of an event
-- key: stream, natural_key, kind
-- reads: stg_olist_crm__deals, stg_olist_crm__leads
-- why: the closed deal is where a lead and a seller turn out to be one
select
    'leads' as stream,
    concat('lead:', mql_id) as natural_key,
    'crm_id' as kind,
    mql_id as value
from stg_olist_crm__leads
union all
select
    'deals' as stream,
    concat('deal:', mql_id) as natural_key,
    'crm_id' as kind,
    mql_id as value
from stg_olist_crm__deals
union all
select
    'deals' as stream,
    concat('deal:', mql_id) as natural_key,
    'user_id' as kind,
    seller_id as value
from stg_olist_crm__deals
