-- model: stage_without_name
-- layer: events
-- grain: one row per stage code that nobody named
-- key: entity_id, stage_code
-- reads: stg_bitrix24__deal_items, stg_bitrix24__lead_history, stg_bitrix24__stage_history, stg_bitrix24__stages
-- why: codes of stages without a name: deliver crm.status.list of today, old names of deleted stages included
-- severity: warn
with

used_stage as (

    select
        case
            when coalesce(category, '0') = '0' then 'DEAL_STAGE'
            else concat('DEAL_STAGE_', category)
        end as entity_id,
        stage_code
    from stg_bitrix24__stage_history
    union all
    select
        case
            when coalesce(category, '0') = '0' then 'DEAL_STAGE'
            else concat('DEAL_STAGE_', category)
        end as entity_id,
        stage_code
    from stg_bitrix24__deal_items
    union all
    select 'STATUS' as entity_id, stage_code
    from stg_bitrix24__lead_history

)

select distinct used_stage.entity_id, used_stage.stage_code
from used_stage
where not exists (
    select 1 as found
    from stg_bitrix24__stages as stage
    where stage.entity_id = used_stage.entity_id and stage.status_id = used_stage.stage_code
)
