-- model: settled_event
-- layer: journeys
-- grain: one row per event up to the cutoff that follows a person or one deal
-- key: event_id
-- not_null: block_no
-- reads: subject_event, revisit_event, stage, customer_segment, silence_threshold
-- why: cuts after an outcome and after silence, with revisits settled, so that a glance changes no threshold
with

settled_walk as (

    select
        subject_event.event_id,
        subject_event.subject_id,
        subject_event.deal_id,
        subject_event.person_id,
        subject_event.subject_no,
        subject_event.occurred_at,
        subject_event.channel,
        subject_event.outcome,
        subject_event.is_life_sign,
        case when revisit_event.event_id is null then subject_event.stage_no end as stage_no
    from subject_event
    -- one to one at most
    left join revisit_event on subject_event.event_id = revisit_event.event_id

),

followed_event as (

    select
        event_id,
        subject_id,
        deal_id,
        person_id,
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
        max(case when outcome is not null then occurred_at end) over (
            partition by subject_id
            order by subject_no
            rows between unbounded preceding and 1 preceding
        ) as ended_before_at,
        last_value(stage_no ignore nulls) over (
            partition by subject_id
            order by subject_no
            rows between unbounded preceding and 1 preceding
        ) as prior_stage_no
    from settled_walk

)

select
    followed_event.event_id,
    followed_event.subject_id,
    followed_event.subject_no,
    followed_event.stage_no,
    -- what the CRM books within an hour after an outcome belongs to that outcome
    followed_event.stage_no is not null
    and (
        followed_event.deal_id is not null
        or followed_event.channel <> 'crm'
        or followed_event.ended_before_at is null
        or followed_event.occurred_at > followed_event.ended_before_at + interval 1 hour
    ) as can_open,
    sum(
        case
            when followed_event.deal_id is not null then 0
            when followed_event.prior_outcome is not null then 1
            when
                followed_event.occurred_at > followed_event.prior_sign_at
                + interval 1 second * cast(floor(silence_threshold.days_in_force * 86400) as bigint)
                then 1
            else 0
        end
    ) over (
        partition by followed_event.subject_id
        order by followed_event.subject_no
        rows between unbounded preceding and current row
    ) as block_no
from followed_event
-- many to one, each
left join stage on followed_event.prior_stage_no = stage.stage_no
left join customer_segment on followed_event.person_id = customer_segment.person_id
left join silence_threshold
    on
        stage.stage = silence_threshold.stage
        and customer_segment.segment = silence_threshold.segment
