-- model: excursion_step
-- layer: journeys
-- grain: one row per event of an earlier stage than the furthest reached so far
-- key: event_id
-- not_null: anchor_no, is_revisit
-- reads: draft_step, run_setting
-- why: a run of such events is a return, or a mere revisit: all on the web and over within one session
with

walk as (

    select
        event_id,
        subject_id,
        draft_no,
        subject_no,
        occurred_at,
        channel,
        stage_no,
        max(stage_no) over (
            partition by subject_id, draft_no
            order by subject_no
            rows between unbounded preceding and 1 preceding
        ) as furthest_no
    from draft_step

),

anchored_step as (

    select
        event_id,
        subject_id,
        draft_no,
        subject_no,
        occurred_at,
        channel,
        stage_no,
        furthest_no,
        max(case when stage_no < furthest_no then 0 else subject_no end) over (
            partition by subject_id, draft_no
            order by subject_no
            rows between unbounded preceding and current row
        ) as anchor_no
    from walk

),

excursion as (

    select
        subject_id,
        anchor_no,
        max(case when channel = 'web' then 0 else 1 end) as has_other_channel,
        date_diff(
            'second',
            date_trunc('second', min(occurred_at)),
            date_trunc('second', max(occurred_at))
        ) as lasted_seconds
    from anchored_step
    where stage_no < furthest_no
    group by subject_id, anchor_no

)

select
    anchored_step.event_id,
    anchored_step.subject_id,
    anchored_step.anchor_no,
    anchored_step.subject_no,
    anchored_step.occurred_at,
    anchored_step.channel,
    anchored_step.stage_no,
    excursion.has_other_channel = 0
    and excursion.lasted_seconds < run_setting.session_seconds as is_revisit
from anchored_step
-- many to one
inner join excursion
    on
        anchored_step.subject_id = excursion.subject_id
        and anchored_step.anchor_no = excursion.anchor_no
cross join run_setting
where anchored_step.stage_no < anchored_step.furthest_no
