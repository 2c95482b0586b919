-- model: stage_advance
-- layer: paths
-- grain: one row per advance of a journey: its start, each stage further than any before, and how it ended
-- key: journey_id, advance_no
-- reads: journey, stage_episode, stage, segment_member
-- why: the skeleton of progress; returns are left out, so that flows between stages only go forward and add up
-- not_null: person_id, segment, stage, next_stage, ending
with

numbered_episode as (

    select
        stage_episode.journey_id,
        stage_episode.episode_no,
        stage_episode.stage,
        stage.stage_no,
        max(stage.stage_no) over (
            partition by stage_episode.journey_id
            order by stage_episode.episode_no
            rows between unbounded preceding and 1 preceding
        ) as furthest_before
    from stage_episode
    -- one stage per episode
    inner join stage
        on stage_episode.stage = stage.stage

),

reached_stage as (

    select
        journey_id,
        stage,
        row_number() over (partition by journey_id order by episode_no) as advance_no
    from numbered_episode
    where furthest_before is null or stage_no > furthest_before
    union all
    -- a journey without any stage has its start only, so that totals hold
    select
        journey_id,
        'journey_start' as stage,
        0 as advance_no
    from journey

)

select
    reached_stage.journey_id,
    journey.person_id,
    segment_member.segment,
    reached_stage.advance_no,
    reached_stage.stage,
    coalesce(
        lead(reached_stage.stage) over (
            partition by reached_stage.journey_id order by reached_stage.advance_no
        ),
        journey.ending
    ) as next_stage,
    journey.ending
from reached_stage
-- one journey per advance
inner join journey
    on reached_stage.journey_id = journey.journey_id
-- one segment per journey
inner join segment_member
    on reached_stage.journey_id = segment_member.journey_id
