-- model: episode_length
-- layer: scores
-- grain: one row per stage episode
-- key: journey_id, episode_no
-- reads: episode_step, stage_episode, stage_wait, run_setting
-- why: how many steps an episode has, and how many of them it outlasted by more than a long wait
-- not_null: step_count, outwaited_step_count
-- what ends the episode, such as the note that the deal is lost, is no step in it
select
    episode_step.journey_id,
    episode_step.episode_no,
    cast(max(case when episode_step.is_inside then episode_step.episode_step_no else 0 end) as bigint) as step_count,
    cast(max(case
        when
            episode_step.is_inside
            and episode_step.is_step
            and date_diff(
                'second',
                date_trunc('second', episode_step.occurred_at),
                date_trunc(
                    'second',
                    least(coalesce(stage_episode.exited_at, run_setting.as_of), run_setting.as_of)
                )
            ) > stage_wait.long_seconds
            then episode_step.episode_step_no
        else 0
    end) as bigint) as outwaited_step_count
from episode_step
-- one episode per step
inner join stage_episode
    on
        episode_step.journey_id = stage_episode.journey_id
        and episode_step.episode_no = stage_episode.episode_no
-- many to one; a stage without answers has no long wait
left join stage_wait
    on episode_step.stage = stage_wait.stage
cross join run_setting
group by episode_step.journey_id, episode_step.episode_no
