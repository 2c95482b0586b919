-- model: episode_step
-- layer: scores
-- grain: one row per event inside a stage episode
-- key: journey_id, step_no
-- reads: journey_step, stage_episode
-- why: gives each event its episode, so that waits and channel changes are counted inside a stage
with

episode_window as (

    select
        journey_id,
        episode_no,
        stage,
        entered_at,
        lead(entered_at) over (partition by journey_id order by episode_no) as next_entered_at
    from stage_episode

),

placed_step as (

    select
        journey_step.journey_id,
        episode_window.episode_no,
        episode_window.stage,
        journey_step.step_no,
        journey_step.occurred_at,
        journey_step.channel,
        journey_step.event_kind
    from journey_step
    -- one episode per step: windows of a journey do not overlap
    inner join episode_window
        on
            journey_step.journey_id = episode_window.journey_id
            and journey_step.occurred_at >= episode_window.entered_at
            and (
                episode_window.next_entered_at is null
                or journey_step.occurred_at < episode_window.next_entered_at
            )

)

select
    journey_id,
    episode_no,
    stage,
    step_no,
    occurred_at,
    event_kind,
    channel,
    lag(channel) over (
        partition by journey_id, episode_no order by step_no
    ) as previous_channel,
    date_diff(
        'second',
        date_trunc('second', lag(occurred_at) over (
            partition by journey_id, episode_no order by step_no
        )),
        date_trunc('second', occurred_at)
    ) as seconds_before
from placed_step
