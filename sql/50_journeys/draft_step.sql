-- model: draft_step
-- layer: journeys
-- grain: one row per event that shows a stage
-- key: event_id
-- not_null: draft_no, stage_no
-- reads: subject_event, stage
-- why: a first cut by the declared silence, blind to revisits, to tell the furthest stage so far
with

followed_event as (

    select
        event_id,
        subject_id,
        deal_id,
        subject_no,
        occurred_at,
        channel,
        stage_no,
        lag(outcome) over (
            partition by subject_id
            order by subject_no
        ) as prior_outcome,
        last_value(case when is_life_sign then occurred_at end ignore nulls) over (
            partition by subject_id
            order by subject_no
            rows between unbounded preceding and 1 preceding
        ) as prior_sign_at,
        last_value(stage_no ignore nulls) over (
            partition by subject_id
            order by subject_no
            rows between unbounded preceding and 1 preceding
        ) as prior_stage_no
    from subject_event

),

drafted_event as (

    select
        followed_event.event_id,
        followed_event.subject_id,
        followed_event.subject_no,
        followed_event.occurred_at,
        followed_event.channel,
        followed_event.stage_no,
        sum(
            case
                when followed_event.deal_id is not null then 0
                when followed_event.prior_outcome is not null then 1
                when
                    followed_event.occurred_at > followed_event.prior_sign_at
                    + interval 1 second * cast(floor(stage.silence_days * 86400) as bigint)
                    then 1
                else 0
            end
        ) over (
            partition by followed_event.subject_id
            order by followed_event.subject_no
            rows between unbounded preceding and current row
        ) as draft_no
    from followed_event
    -- many to one
    left join stage on followed_event.prior_stage_no = stage.stage_no

)

select
    event_id,
    subject_id,
    draft_no,
    subject_no,
    occurred_at,
    channel,
    stage_no
from drafted_event
where stage_no is not null
