-- model: pipeline_name
-- layer: events
-- grain: one row per pipeline
-- key: pipeline_id
-- reads: stg_amocrm__stages
-- why: what the list of stages calls the pipelines
select pipeline_id, max(pipeline) as pipeline
from stg_amocrm__stages
where pipeline is not null
group by pipeline_id
