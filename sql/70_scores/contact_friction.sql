-- model: contact_friction
-- layer: scores
-- grain: one row per step at which a friction of contacts is met
-- key: journey_id, episode_no, friction, step_no
-- reads: episode_step
-- why: writing again about the same, writing three times in a day, being passed on, changing the channel again and again
with

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
    where event_kind = 'ticket_created' and is_own and is_inside

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
    where is_message and is_inside

),

switched as (

    select
        journey_id,
        episode_no,
        episode_step_no,
        row_number() over (partition by journey_id, episode_no order by episode_step_no) as switch_no
    from episode_step
    where is_inside and previous_channel is distinct from channel and previous_channel is not null

)

select journey_id, episode_no, 'repeat_contact' as friction, episode_step_no as step_no
from ticket
where seconds_before <= 604800
union all
select journey_id, episode_no, 'rage' as friction, episode_step_no as step_no
from message
where seconds_of_three <= 86400
union all
select journey_id, episode_no, 'transfer' as friction, episode_step_no as step_no
from episode_step
where is_inside and event_kind in ('ticket_transferred', 'call_transferred', 'chat_transferred')
union all
select journey_id, episode_no, 'channel_switch' as friction, episode_step_no as step_no
from switched
where switch_no = 3
