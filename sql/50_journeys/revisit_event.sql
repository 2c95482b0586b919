-- model: revisit_event
-- layer: journeys
-- grain: one row per event that looks back at an earlier stage without returning to it
-- key: event_id
-- reads: excursion_step, run_setting
-- why: reading the price page again is no return; it keeps the stage around it
with

walk as (

    select
        event_id,
        subject_id,
        anchor_no,
        subject_no,
        occurred_at,
        channel,
        stage_no,
        max(stage_no) over (
            partition by subject_id, anchor_no
            order by subject_no
            rows between unbounded preceding and 1 preceding
        ) as furthest_no
    from excursion_step
    where not is_revisit

),

anchored_step as (

    select
        event_id,
        subject_id,
        anchor_no,
        occurred_at,
        channel,
        stage_no,
        furthest_no,
        max(case when stage_no < furthest_no then 0 else subject_no end) over (
            partition by subject_id, anchor_no
            order by subject_no
            rows between unbounded preceding and current row
        ) as inner_anchor_no
    from walk

),

inner_revisit as (

    select
        anchored_step.subject_id,
        anchored_step.anchor_no,
        anchored_step.inner_anchor_no
    from anchored_step
    cross join run_setting
    where anchored_step.stage_no < anchored_step.furthest_no
    group by
        anchored_step.subject_id,
        anchored_step.anchor_no,
        anchored_step.inner_anchor_no,
        run_setting.session_seconds
    having
        max(case when anchored_step.channel = 'web' then 0 else 1 end) = 0
        and date_diff(
            'second',
            date_trunc('second', min(anchored_step.occurred_at)),
            date_trunc('second', max(anchored_step.occurred_at))
        ) < run_setting.session_seconds

)

select event_id
from excursion_step
where is_revisit
union all
-- within a real return the same holds once more, measured from the stage returned to
select anchored_step.event_id
from anchored_step
-- many to one
inner join inner_revisit
    on
        anchored_step.subject_id = inner_revisit.subject_id
        and anchored_step.anchor_no = inner_revisit.anchor_no
        and anchored_step.inner_anchor_no = inner_revisit.inner_anchor_no
where anchored_step.stage_no < anchored_step.furthest_no
