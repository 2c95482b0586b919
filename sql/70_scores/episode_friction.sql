-- model: episode_friction
-- layer: scores
-- grain: one row per stage episode and kind of friction in it
-- key: journey_id, episode_no, friction
-- reads: stage_episode, stage, episode_step
-- why: marks the episodes in which something went badly, so that their losses can be compared with the others
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

ticket as (

    select
        journey_id,
        episode_no,
        date_diff(
            'second',
            date_trunc('second', lag(occurred_at) over (
                partition by journey_id, episode_no order by step_no
            )),
            date_trunc('second', occurred_at)
        ) as seconds_before
    from episode_step
    where event_kind = 'ticket_created'

),

usual_wait as (

    select
        stage,
        quantile_cont(seconds_before, 0.9) as longest_seconds
    from episode_step
    where seconds_before is not null
    group by stage

),

marked_episode as (

    select
        journey_id,
        episode_no,
        'return' as friction
    from return_episode
    where not is_first_entry and previous_no > stage_no
    union all
    select
        journey_id,
        episode_no,
        'repeat_contact' as friction
    from ticket
    where seconds_before <= 604800
    union all
    select
        episode_step.journey_id,
        episode_step.episode_no,
        'long_wait' as friction
    from episode_step
    inner join usual_wait
        on episode_step.stage = usual_wait.stage
    where episode_step.seconds_before > usual_wait.longest_seconds
    union all
    select
        journey_id,
        episode_no,
        'channel_switch' as friction
    from episode_step
    where previous_channel is distinct from channel and previous_channel is not null
    group by journey_id, episode_no
    having count(*) >= 3

)

select distinct
    journey_id,
    episode_no,
    friction
from marked_episode
