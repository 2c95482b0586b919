-- model: journey_step
-- layer: journeys
-- grain: one row per event inside a journey
-- key: journey_id, step_no
-- not_null: event_id, person_id, member_id, stage, occurred_at
-- reads: settled_event, subject_event, stage
-- why: numbers the steps once, so that every later model agrees on order and on ties
with

opened_event as (

    select
        event_id,
        subject_id,
        block_no,
        subject_no,
        last_value(stage_no ignore nulls) over (
            partition by subject_id, block_no
            order by subject_no
            rows between unbounded preceding and current row
        ) as stage_no
    from settled_event
    -- a journey begins with an event that shows a stage; what stands before it stays outside
    qualify
        max(case when can_open then 1 else 0 end) over (
            partition by subject_id, block_no
            order by subject_no
            rows between unbounded preceding and current row
        ) = 1

),

numbered_event as (

    select
        event_id,
        stage_no,
        md5(
            first_value(event_id) over (
                partition by subject_id, block_no
                order by subject_no
                rows between unbounded preceding and current row
            )
        ) as journey_id,
        row_number() over (
            partition by subject_id, block_no
            order by subject_no
        ) as step_no
    from opened_event

)

select
    numbered_event.journey_id,
    numbered_event.step_no,
    numbered_event.event_id,
    subject_event.person_id,
    subject_event.member_id,
    subject_event.touchpoint,
    stage.stage,
    subject_event.occurred_at,
    subject_event.order_key,
    subject_event.channel,
    subject_event.event_kind,
    subject_event.is_life_sign
from numbered_event
-- one to one, then many to one
inner join subject_event on numbered_event.event_id = subject_event.event_id
inner join stage on numbered_event.stage_no = stage.stage_no
