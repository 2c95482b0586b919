-- model: stage_trace
-- layer: paths
-- grain: one row per journey
-- key: journey_id
-- reads: journey, stage_episode, segment_member
-- why: the stages of a journey in order as one text, the exact key of variants and the log of process models
-- not_null: person_id, segment, stages, ending
with

marked_episode as (

    select
        journey_id,
        episode_no,
        stage,
        lag(stage) over (partition by journey_id order by episode_no) as previous_stage
    from stage_episode

),

trace as (

    select
        journey_id,
        string_agg(stage, '>' order by episode_no) as ordered_stages
    from marked_episode
    where previous_stage is distinct from stage
    group by journey_id

)

select
    journey.journey_id,
    journey.person_id,
    segment_member.segment,
    -- a journey without any stage keeps an empty trace, so that totals hold
    coalesce(trace.ordered_stages, '') as stages,
    journey.ending,
    journey.is_left_uncertain,
    journey.reactivated_from is not null as is_reactivated,
    date_diff(
        'second',
        date_trunc('second', journey.started_at),
        date_trunc('second', journey.last_event_at)
    ) / cast(86400 as double) as active_days
from journey
-- one segment per journey
inner join segment_member
    on journey.journey_id = segment_member.journey_id
left join trace
    on journey.journey_id = trace.journey_id
