-- model: journey_total
-- layer: journeys
-- grain: one row per journey
-- key: journey_id
-- reads: journey_step, subject_event, stage
-- why: what a journey's steps add up to, before its ending is judged
select
    journey_step.journey_id,
    arg_min(journey_step.person_id, journey_step.step_no) as person_id,
    max(subject_event.deal_id) as deal_id,
    min(journey_step.occurred_at) as started_at,
    max(journey_step.occurred_at) as last_event_at,
    -- a journey that nothing but a bulk move has opened counts from there
    coalesce(
        max(journey_step.occurred_at) filter (where journey_step.is_life_sign),
        min(journey_step.occurred_at)
    ) as last_sign_at,
    count(*) as event_count,
    arg_min(journey_step.event_kind, journey_step.step_no) as first_kind,
    arg_min(journey_step.stage, journey_step.step_no) as first_stage,
    arg_max(journey_step.stage, journey_step.step_no) as last_stage,
    arg_max(journey_step.stage, stage.stage_no) as furthest_stage,
    arg_max(subject_event.outcome, journey_step.step_no) filter (
        where subject_event.outcome is not null
    ) as outcome,
    max(journey_step.occurred_at) filter (
        where subject_event.outcome is not null
    ) as outcome_at
from journey_step
-- one to one, then many to one
inner join subject_event on journey_step.event_id = subject_event.event_id
inner join stage on journey_step.stage = stage.stage
group by journey_step.journey_id
