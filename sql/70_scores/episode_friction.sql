-- model: episode_friction
-- layer: scores
-- grain: one row per stage episode and kind of friction in it
-- key: journey_id, episode_no, friction
-- reads: stage_episode, stage, episode_step, episode_wait, stage_wait, episode_pattern, contact_friction
-- why: in which episodes something went badly, and since which step, to compare them with those who had come as far
-- not_null: first_step_no
with

return_episode as (

    select
        stage_episode.journey_id,
        stage_episode.episode_no,
        stage_episode.is_first_entry,
        stage.stage_no,
        lag(stage.stage_no) over (
            partition by stage_episode.journey_id order by stage_episode.episode_no
        ) as previous_no
    from stage_episode
    inner join stage
        on stage_episode.stage = stage.stage

),

marked_episode as (

    select journey_id, episode_no, 'return' as friction, 1 as step_no
    from return_episode
    where not is_first_entry and previous_no > stage_no
    union all
    select journey_id, episode_no, friction, step_no
    from contact_friction
    union all
    select
        episode_wait.journey_id,
        episode_wait.episode_no,
        case when episode_wait.seconds_waited is null then 'unanswered' else 'long_wait' end as friction,
        episode_step.episode_step_no as step_no
    from episode_wait
    inner join stage_wait
        on episode_wait.stage = stage_wait.stage
    -- one to one
    inner join episode_step
        on episode_wait.event_id = episode_step.event_id
    where episode_wait.seconds_so_far > stage_wait.long_seconds
    union all
    select journey_id, episode_no, 'ping_pong' as friction, ping_pong_step as step_no
    from episode_pattern
    where ping_pong_step is not null
    union all
    select journey_id, episode_no, 'loop' as friction, loop_step as step_no
    from episode_pattern
    where loop_step is not null

)

select
    journey_id,
    episode_no,
    friction,
    min(step_no) as first_step_no
from marked_episode
group by journey_id, episode_no, friction
