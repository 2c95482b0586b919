-- model: episode_friction
-- layer: scores
-- grain: one row per stage episode and kind of friction in it
-- key: journey_id, episode_no, friction
-- reads: stage_episode, stage, episode_step, episode_wait, stage_wait, episode_pattern, contact_friction, run_setting
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

long_silence as (

    select
        episode_wait.journey_id,
        episode_wait.episode_no,
        episode_step.episode_step_no as step_no,
        episode_wait.seconds_waited is null as is_unanswered,
        -- long before the customer moved on or was lost, not only counted until an answer came after that
        date_diff(
            'second',
            date_trunc('second', episode_step.occurred_at),
            date_trunc('second', least(coalesce(stage_episode.exited_at, run_setting.as_of), run_setting.as_of))
        ) > stage_wait.long_seconds as is_long_inside
    from episode_wait
    inner join stage_wait
        on episode_wait.stage = stage_wait.stage
    -- one to one
    inner join episode_step
        on episode_wait.event_id = episode_step.event_id
    -- many to one
    inner join stage_episode
        on
            episode_wait.journey_id = stage_episode.journey_id
            and episode_wait.episode_no = stage_episode.episode_no
    cross join run_setting
    where episode_wait.seconds_so_far > stage_wait.long_seconds and episode_step.is_inside

),

marked_episode as (

    select journey_id, episode_no, 'return' as friction, 1 as step_no
    from return_episode
    where not is_first_entry and previous_no > stage_no
    union all
    select journey_id, episode_no, friction, step_no
    from contact_friction
    union all
    -- nobody answers those who are known to have gone, so that who was never answered is told apart
    select
        journey_id,
        episode_no,
        case when is_unanswered then 'unanswered' else 'long_wait' end as friction,
        step_no
    from long_silence
    where is_unanswered or is_long_inside
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
