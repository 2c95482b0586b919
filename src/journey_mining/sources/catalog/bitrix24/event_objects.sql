-- model: event_objects
-- layer: events
-- grain: one row per event and deal
-- key: stream, natural_key, object_type, object_id
-- reads: stg_bitrix24__deals, stg_bitrix24__stage_history
-- why: journeys that follow deals are cut by them
with

untold_deal as (

    select deal.deal_id
    from stg_bitrix24__deals as deal
    where not exists (
        select 1 as found
        from stg_bitrix24__stage_history as history
        where history.deal_id = deal.deal_id
    )

)

select
    'stage_history' as stream,
    concat('sh:', history_id) as natural_key,
    'deal' as object_type,
    deal_id as object_id,
    'subject' as qualifier
from stg_bitrix24__stage_history
union all
select
    'deals' as stream,
    concat('deal:', deal_id, ':created') as natural_key,
    'deal' as object_type,
    deal_id as object_id,
    'subject' as qualifier
from untold_deal
union all
select
    'deals' as stream,
    concat('deal:', deal_id, ':now') as natural_key,
    'deal' as object_type,
    deal_id as object_id,
    'subject' as qualifier
from untold_deal
