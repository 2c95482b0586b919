-- model: silence_gap
-- layer: journeys
-- grain: one row per sign of life that was followed by a day or more without another
-- key: event_id
-- not_null: person_id, segment, stage, gap_days, is_return
-- reads: subject_event, revisit_event, stage, customer_segment, run_setting
-- why: how long customers are silent and come back all the same, before the quarter of the cutoff began
with

sign as (

    select
        subject_event.event_id,
        subject_event.subject_id,
        subject_event.person_id,
        subject_event.subject_no,
        subject_event.occurred_at,
        subject_event.outcome,
        case when revisit_event.event_id is null then subject_event.stage_no end as stage_no,
        run_setting.calibrated_until,
        coalesce(
            sum(case when subject_event.outcome is null then 0 else 1 end) over (
                partition by subject_event.subject_id
                order by subject_event.subject_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as block_no
    from subject_event
    left join revisit_event on subject_event.event_id = revisit_event.event_id
    cross join run_setting
    where
        subject_event.is_life_sign
        and subject_event.occurred_at >= run_setting.observed_from
        and subject_event.occurred_at < run_setting.calibrated_until

),

paused_sign as (

    select
        event_id,
        person_id,
        outcome,
        last_value(stage_no ignore nulls) over (
            partition by subject_id, block_no
            order by subject_no
            rows between unbounded preceding and current row
        ) as stage_no,
        occurred_at,
        lead(occurred_at) over (
            partition by subject_id
            order by subject_no
        ) as next_at,
        calibrated_until
    from sign

),

gap as (

    select
        paused_sign.event_id,
        paused_sign.person_id,
        customer_segment.segment,
        stage.stage,
        date_diff(
            'second',
            date_trunc('second', paused_sign.occurred_at),
            date_trunc('second', coalesce(paused_sign.next_at, paused_sign.calibrated_until))
        ) / cast(86400 as double) as gap_days,
        paused_sign.next_at is not null as is_return
    from paused_sign
    -- many to one, each
    inner join stage on paused_sign.stage_no = stage.stage_no
    inner join customer_segment on paused_sign.person_id = customer_segment.person_id
    -- after an outcome nobody is waited for
    where paused_sign.outcome is null

)

select
    event_id,
    person_id,
    segment,
    stage,
    gap_days,
    is_return
from gap
-- shorter pauses change no threshold of whole days
where gap_days >= 1
