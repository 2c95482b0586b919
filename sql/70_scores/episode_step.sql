-- model: episode_step
-- layer: scores
-- grain: one row per event inside a stage episode
-- key: journey_id, step_no
-- reads: journey_step, stage_episode, event
-- why: gives each event its episode, so that waits, messages and changes of channel are counted inside a stage
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
        journey_step.event_id,
        journey_step.occurred_at,
        journey_step.touchpoint,
        journey_step.channel,
        journey_step.event_kind,
        event.actor_type,
        event.activity_raw
    from journey_step
    -- one to one
    inner join event
        on journey_step.event_id = event.event_id
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
    event_id,
    occurred_at,
    event_kind,
    activity_raw,
    touchpoint,
    channel,
    row_number() over (partition by journey_id, episode_no order by step_no) as episode_step_no,
    actor_type = 'customer'
    and event_kind in (
        'ticket_created', 'ticket_reply', 'ticket_reopened', 'email_in', 'chat_message', 'call', 'form_submitted'
    ) as is_message,
    -- what the CRM notes of itself, such as a loss, is no channel that the customer turned to
    case when actor_type <> 'system' then lag(channel) over (
        partition by journey_id, episode_no, case when actor_type = 'system' then 1 else 0 end order by step_no
    ) end as previous_channel,
    date_diff(
        'second',
        date_trunc('second', lag(occurred_at) over (
            partition by journey_id, episode_no order by step_no
        )),
        date_trunc('second', occurred_at)
    ) as seconds_before
from placed_step
