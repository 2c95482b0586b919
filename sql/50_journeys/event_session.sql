-- model: event_session
-- layer: journeys
-- grain: one row per event that counts and stands in a session on the web
-- key: event_id
-- not_null: person_id, session_no
-- reads: person_event, run_setting
-- why: a session is web events without a long pause; what is booked meanwhile belongs to it
with

walk as (

    select
        person_event.event_id,
        person_event.member_id,
        person_event.event_no,
        person_event.channel,
        person_event.occurred_at,
        run_setting.session_seconds,
        last_value(
            case when person_event.channel = 'web' then person_event.occurred_at end ignore nulls
        ) over (
            partition by person_event.member_id
            order by person_event.event_no
            rows between unbounded preceding and 1 preceding
        ) as web_before_at
    from person_event
    cross join run_setting

),

paused_event as (

    select
        event_id,
        member_id,
        event_no,
        channel,
        coalesce(
            occurred_at > web_before_at + interval 1 second * session_seconds, true
        ) as is_after_pause
    from walk

)

select
    event_id,
    member_id as person_id,
    cast(
        sum(case when channel = 'web' and is_after_pause then 1 else 0 end) over (
            partition by member_id
            order by event_no
            rows between unbounded preceding and current row
        ) as bigint
    ) as session_no
from paused_event
qualify channel = 'web' or not is_after_pause
