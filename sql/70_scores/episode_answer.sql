-- model: episode_answer
-- layer: scores
-- grain: one row per stage episode with a dated entry and a request in it that a source would tell the answer to
-- key: journey_id, episode_no
-- reads: episode_time, stage_episode, journey_step, event, run_setting
-- why: how soon the first request of a stay was answered by somebody of ours
with

told_step as (

    select
        journey_step.journey_id,
        date_trunc('second', journey_step.occurred_at) as occurred_second,
        event.source,
        event.event_kind in (
            'deal_created', 'lead_created', 'order_created', 'ticket_created'
        ) as is_request,
        event.event_kind in ('deal_stage_changed', 'lead_stage_changed')
        or (
            event.actor_type = 'agent'
            and event.event_kind in (
                'ticket_reply', 'ticket_solved', 'email_out', 'chat_message', 'call', 'meeting'
            )
        ) as is_answer
    from journey_step
    -- one to one
    inner join event
        on journey_step.event_id = event.event_id

),

answering_source as (

    -- where a source tells of no answers at all, their absence says nothing
    select distinct source
    from told_step
    where is_answer

),

stay as (

    select
        episode_time.journey_id,
        episode_time.episode_no,
        date_trunc('second', stage_episode.entered_at) as entered_second,
        date_trunc(
            'second', least(coalesce(stage_episode.exited_at, run_setting.as_of), run_setting.as_of)
        ) as left_second
    from episode_time
    -- one to one
    inner join stage_episode
        on
            episode_time.journey_id = stage_episode.journey_id
            and episode_time.episode_no = stage_episode.episode_no
    cross join run_setting

),

request as (

    select
        stay.journey_id,
        stay.episode_no,
        stay.left_second,
        min(told_step.occurred_second) as asked_second
    from stay
    inner join told_step
        on
            stay.journey_id = told_step.journey_id
            and stay.entered_second <= told_step.occurred_second
            and stay.left_second >= told_step.occurred_second
    inner join answering_source
        on told_step.source = answering_source.source
    where told_step.is_request
    group by stay.journey_id, stay.episode_no, stay.left_second

),

answered_request as (

    select
        request.journey_id,
        request.episode_no,
        date_diff('second', request.asked_second, request.left_second) as stayed_seconds,
        min(date_diff('second', request.asked_second, told_step.occurred_second))
            as answer_seconds
    from request
    left join told_step
        on
            request.journey_id = told_step.journey_id
            and request.asked_second < told_step.occurred_second
            and told_step.is_answer
    group by request.journey_id, request.episode_no, request.asked_second, request.left_second

)

-- who left within a day, unanswered, was neither answered soon nor late
select
    journey_id,
    episode_no,
    case
        when answer_seconds <= 86400 then 'within_24h'
        when stayed_seconds > 86400 then 'over_24h'
    end as first_answer
from answered_request
