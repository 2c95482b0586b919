-- model: episode_step
-- layer: scores
-- grain: one row per event inside a stage episode
-- key: journey_id, step_no
-- reads: journey_step, stage_episode, event
-- why: gives each event its episode and step, so that waits, messages and changes of channel are counted inside a stage
-- not_null: is_own, is_step, is_inside, episode_step_no
with

episode_window as (

    select
        journey_id,
        episode_no,
        stage,
        entered_at,
        exited_at,
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
        event.activity_raw,
        event.actor_type = 'customer' as is_own,
        -- the note that a deal is lost, and letters to somebody who has gone, lie outside
        episode_window.exited_at is null
        or journey_step.occurred_at < episode_window.exited_at as is_inside,
        -- the entry is a step whoever booked it; after it only what the customer did
        event.actor_type = 'customer'
        or row_number() over (
            partition by journey_step.journey_id, episode_window.episode_no order by journey_step.step_no
        ) = 1 as is_step
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
    is_own,
    is_step,
    is_inside,
    -- what others do carries the number of the step before it
    cast(sum(case when is_step then 1 else 0 end) over (
        partition by journey_id, episode_no
        order by step_no
        rows between unbounded preceding and current row
    ) as bigint) as episode_step_no,
    is_own
    and event_kind in (
        'ticket_created', 'ticket_reply', 'ticket_reopened', 'email_in', 'chat_message', 'call', 'form_submitted'
    ) as is_message,
    -- where we write to the customer, and what the CRM notes of itself, is no channel that the customer turned to
    case when is_own then lag(channel) over (
        partition by journey_id, episode_no, is_own order by step_no
    ) end as previous_channel,
    date_diff(
        'second',
        date_trunc('second', lag(occurred_at) over (
            partition by journey_id, episode_no order by step_no
        )),
        date_trunc('second', occurred_at)
    ) as seconds_before
from placed_step
