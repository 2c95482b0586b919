-- model: stage_without_name
-- layer: events
-- grain: one row per stage that nobody named
-- key: pipeline_id, status_id
-- reads: stg_amocrm__deal_items, stg_amocrm__events, stg_amocrm__stages
-- why: numbers of stages without a name: deliver the answer of leads/pipelines of today
-- severity: warn
with

used_stage as (

    select pipeline_id, status_id
    from stg_amocrm__events
    where type = 'lead_status_changed'
    union all
    select pipeline_id, status_id
    from stg_amocrm__deal_items

)

select distinct used_stage.pipeline_id, used_stage.status_id
from used_stage
where not exists (
    select 1 as found
    from stg_amocrm__stages as stage
    where stage.pipeline_id = used_stage.pipeline_id and stage.status_id = used_stage.status_id
)
