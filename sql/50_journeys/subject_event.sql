-- model: subject_event
-- layer: journeys
-- grain: one row per event up to the cutoff that follows a customer or one deal
-- key: event_id
-- not_null: subject_id, subject_no
-- reads: subject_walk
-- why: the walk that is cut into journeys; of several stages in one second only the last was meant
with

second_stage as (

    select
        subject_id,
        block_no,
        second_at,
        arg_max(stage_no, subject_no) as stage_no
    from subject_walk
    -- a mere date says nothing of seconds
    where stage_no is not null and second_at is not null
    -- what follows an outcome is another matter, though it be in the same second
    group by subject_id, block_no, second_at
    having min(stage_no) < max(stage_no)

)

select
    subject_walk.event_id,
    subject_walk.subject_id,
    subject_walk.deal_id,
    subject_walk.person_id,
    subject_walk.member_id,
    subject_walk.subject_no,
    subject_walk.occurred_at,
    subject_walk.order_key,
    subject_walk.event_kind,
    subject_walk.channel,
    subject_walk.touchpoint,
    subject_walk.outcome,
    subject_walk.is_life_sign,
    case
        when subject_walk.stage_no is null then null
        else coalesce(second_stage.stage_no, subject_walk.stage_no)
    end as stage_no
from subject_walk
-- many to at most one
left join second_stage
    on
        subject_walk.subject_id = second_stage.subject_id
        and subject_walk.block_no = second_stage.block_no
        and subject_walk.second_at = second_stage.second_at
