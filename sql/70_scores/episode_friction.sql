-- model: episode_friction
-- layer: scores
-- grain: one row per stage episode and kind of friction in it
-- key: journey_id, episode_no, friction
-- reads: stage_episode, stage, episode_step, episode_wait, stage_wait, episode_pattern
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

ticket as (

    -- what a ticket is about is told by its activity
    select
        journey_id,
        episode_no,
        episode_step_no,
        date_diff(
            'second',
            date_trunc('second', lag(occurred_at) over (
                partition by journey_id, episode_no, activity_raw order by step_no
            )),
            date_trunc('second', occurred_at)
        ) as seconds_before
    from episode_step
    where event_kind = 'ticket_created'

),

message as (

    select
        journey_id,
        episode_no,
        episode_step_no,
        date_diff(
            'second',
            date_trunc('second', lag(occurred_at, 2) over (
                partition by journey_id, episode_no order by step_no
            )),
            date_trunc('second', occurred_at)
        ) as seconds_of_three
    from episode_step
    where is_message

),

switched as (

    select
        journey_id,
        episode_no,
        episode_step_no,
        row_number() over (partition by journey_id, episode_no order by episode_step_no) as switch_no
    from episode_step
    where previous_channel is distinct from channel and previous_channel is not null

),

marked_episode as (

    select journey_id, episode_no, 'return' as friction, 1 as step_no
    from return_episode
    where not is_first_entry and previous_no > stage_no
    union all
    select journey_id, episode_no, 'repeat_contact' as friction, episode_step_no as step_no
    from ticket
    where seconds_before <= 604800
    union all
    select journey_id, episode_no, 'rage' as friction, episode_step_no as step_no
    from message
    where seconds_of_three <= 86400
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
    union all
    select journey_id, episode_no, 'transfer' as friction, episode_step_no as step_no
    from episode_step
    where event_kind in ('ticket_transferred', 'call_transferred', 'chat_transferred')
    union all
    select journey_id, episode_no, 'channel_switch' as friction, episode_step_no as step_no
    from switched
    where switch_no = 3

)

select
    journey_id,
    episode_no,
    friction,
    min(step_no) as first_step_no
from marked_episode
group by journey_id, episode_no, friction
