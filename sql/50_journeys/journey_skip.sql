-- model: journey_skip
-- layer: journeys
-- grain: one row per journey and stage that lies before its furthest one and was never entered
-- key: journey_id, stage
-- not_null: person_id, is_before_first, is_optional
-- reads: journey, stage, stage_episode
-- why: no stay of no length is made up for a skipped stage; the skip itself is counted
with

passed_stage as (

    select
        journey.journey_id,
        journey.person_id,
        stage.stage,
        stage.is_optional,
        stage.stage_no < first_stage.stage_no as is_before_first
    from journey
    -- many to one, each
    inner join stage as first_stage on journey.first_stage = first_stage.stage
    inner join stage as furthest_stage on journey.furthest_stage = furthest_stage.stage
    -- one to many: the stages before the furthest
    inner join stage on furthest_stage.stage_no > stage.stage_no

),

entered_stage as (

    select distinct
        journey_id,
        stage
    from stage_episode

)

select
    passed_stage.journey_id,
    passed_stage.person_id,
    passed_stage.stage,
    passed_stage.is_before_first,
    passed_stage.is_optional
from passed_stage
-- one to at most one
left join entered_stage
    on
        passed_stage.journey_id = entered_stage.journey_id
        and passed_stage.stage = entered_stage.stage
where entered_stage.stage is null
