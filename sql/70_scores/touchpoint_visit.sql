-- model: touchpoint_visit
-- layer: scores
-- grain: one row per run of one touchpoint in one stage of a journey whose start was seen, and one for its start
-- key: journey_id, visit_no
-- reads: journey_step, person_event, journey, segment_member, stage, run_setting
-- why: where each touchpoint led and after how many days, the one input of the removal effect
-- not_null: person_id, segment, visit_no, touchpoint, stage_no, time_days
with

met_step as (

    -- the record that says won or lost is the ending itself, not a touchpoint on the way to it
    select
        journey_step.journey_id,
        journey_step.step_no,
        journey_step.occurred_at,
        coalesce(nullif(journey_step.touchpoint, ''), 'other') as touchpoint,
        coalesce(stage.stage_no, 0) as stage_no
    from journey_step
    -- one to one
    inner join person_event
        on journey_step.event_id = person_event.event_id
    -- many to one; before the first stage the number is 0
    left join stage
        on journey_step.stage = stage.stage
    where person_event.outcome is null

),

marked_step as (

    select
        journey_id,
        step_no,
        occurred_at,
        touchpoint,
        stage_no,
        lag(touchpoint) over (partition by journey_id order by step_no) as previous_touchpoint,
        lag(stage_no) over (partition by journey_id order by step_no) as previous_stage_no
    from met_step

),

started_journey as (

    select
        journey.journey_id,
        journey.person_id,
        segment_member.segment,
        journey.started_at,
        least(coalesce(journey.ended_at, run_setting.as_of), run_setting.as_of) as seen_until,
        case
            when journey.ending = 'won' then 'journey_end:won'
            when journey.ending <> 'open' then 'journey_end:lost'
        end as end_name
    from journey
    -- one segment per journey
    inner join segment_member
        on journey.journey_id = segment_member.journey_id
    cross join run_setting
    where not journey.is_left_uncertain

),

place as (

    select
        journey_id,
        step_no,
        occurred_at,
        touchpoint,
        stage_no
    from marked_step
    where previous_touchpoint is distinct from touchpoint or previous_stage_no is distinct from stage_no
    union all
    select
        journey_id,
        0 as step_no,
        started_at as occurred_at,
        'journey_start' as touchpoint,
        0 as stage_no
    from started_journey

),

visit as (

    select
        journey_id,
        touchpoint,
        stage_no,
        occurred_at,
        row_number() over (partition by journey_id order by step_no) - 1 as visit_no,
        lead(touchpoint) over (partition by journey_id order by step_no) as next_touchpoint,
        lead(occurred_at) over (partition by journey_id order by step_no) as next_at
    from place

)

select
    visit.journey_id,
    started_journey.person_id,
    started_journey.segment,
    visit.visit_no,
    visit.touchpoint,
    visit.stage_no,
    coalesce(visit.next_touchpoint, started_journey.end_name) as next_touchpoint,
    -- an ending written before the last touch, by a clock that runs ahead, comes right after it
    greatest(date_diff(
        'second',
        date_trunc('second', visit.occurred_at),
        date_trunc('second', coalesce(visit.next_at, started_journey.seen_until))
    ), 0) / cast(86400 as double) as time_days
from visit
-- many to one
inner join started_journey
    on visit.journey_id = started_journey.journey_id
