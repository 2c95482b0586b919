-- model: episode_wait
-- layer: scores
-- grain: one row per time a customer waited for an answer: from the first message not yet answered
-- key: event_id
-- reads: episode_step, person_event, event, run_setting
-- why: what customers wait for is our answer, not their own next visit; one still open waits until the cutoff
-- not_null: journey_id, episode_no, stage, seconds_so_far
with

talk_event as (

    -- an answer counts wherever it stands: also in a later stage, or after the journey has ended
    select
        person_event.event_id,
        person_event.person_id,
        person_event.event_no,
        person_event.source,
        person_event.occurred_at,
        case when event.actor_type = 'agent' then 1 else 0 end as is_answer
    from person_event
    -- one to one
    inner join event
        on person_event.event_id = event.event_id
    where
        (
            event.actor_type = 'customer'
            and person_event.event_kind in (
                'ticket_created', 'ticket_reply', 'ticket_reopened', 'email_in', 'chat_message', 'call', 'form_submitted'
            )
        )
        or (
            event.actor_type = 'agent'
            and person_event.event_kind in (
                'ticket_reply', 'ticket_solved', 'email_out', 'chat_message', 'call', 'meeting'
            )
        )

),

answering_source as (

    -- where a source tells no answers at all, their absence says nothing
    select distinct source
    from talk_event
    where is_answer = 1

),

opened_wait as (

    select
        event_id,
        source,
        is_answer,
        date_trunc('second', occurred_at) as said_at,
        lag(is_answer, 1, 1) over (partition by person_id order by event_no) as is_after_answer,
        date_trunc('second', min(case when is_answer = 1 then occurred_at end) over (
            partition by person_id
            order by event_no
            rows between 1 following and unbounded following
        )) as answered_at
    from talk_event

)

select
    opened_wait.event_id,
    episode_step.journey_id,
    episode_step.episode_no,
    episode_step.stage,
    date_diff('second', opened_wait.said_at, opened_wait.answered_at) as seconds_waited,
    date_diff(
        'second',
        opened_wait.said_at,
        coalesce(opened_wait.answered_at, date_trunc('second', run_setting.as_of))
    ) as seconds_so_far
from opened_wait
inner join answering_source
    on opened_wait.source = answering_source.source
-- at most one episode per event
inner join episode_step
    on opened_wait.event_id = episode_step.event_id
cross join run_setting
where opened_wait.is_answer = 0 and opened_wait.is_after_answer = 1
