-- model: history
-- layer: events
-- grain: one row per move in the histories of deals and leads
-- key: stream, natural_key
-- reads: stg_bitrix24__lead_history, stg_bitrix24__stage_history
-- why: both histories as one list
select
    'deal' as entity,
    'stage_history' as stream,
    concat('sh:', history_id) as natural_key,
    history_id,
    type_id,
    deal_id as card_id,
    moved_at,
    coalesce(category, '0') as category,
    stage_code,
    semantic,
    case
        when coalesce(category, '0') = '0' then 'DEAL_STAGE'
        else concat('DEAL_STAGE_', category)
    end as entity_id,
    _file_id,
    _line
from stg_bitrix24__stage_history
union all
select
    'lead' as entity,
    'lead_history' as stream,
    concat('lsh:', history_id) as natural_key,
    history_id,
    type_id,
    lead_id as card_id,
    moved_at,
    cast(null as varchar) as category,
    stage_code,
    semantic,
    'STATUS' as entity_id,
    _file_id,
    _line
from stg_bitrix24__lead_history
