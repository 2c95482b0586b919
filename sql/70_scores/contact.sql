-- model: contact
-- layer: scores
-- grain: one row per support ticket opened inside a journey
-- key: event_id
-- reads: journey_step, segment_member, event, event_object, run_setting
-- why: when a human answered, when it was solved, and whether the customer had to come back or open it again
-- not_null: person_id, segment, topic, opened_at, followed_days
with

ticket_event as (

    select
        event_object.object_id as ticket_id,
        event.source,
        event.event_kind,
        event.actor_type,
        date_trunc('second', event.occurred_at) as occurred_second
    from event
    inner join event_object
        on event.event_id = event_object.event_id
    cross join run_setting
    where
        event_object.object_type = 'ticket'
        and event.exclude is null
        and event.occurred_at <= run_setting.as_of
        and event.event_kind in ('ticket_reply', 'ticket_solved', 'ticket_reopened', 'email_out', 'chat_message', 'call')

),

ticket_course as (

    select
        source,
        ticket_id,
        min(case
            when actor_type = 'agent' and event_kind not in ('ticket_solved', 'ticket_reopened') then occurred_second
        end) as replied_at,
        min(case when actor_type = 'agent' and event_kind = 'ticket_solved' then occurred_second end) as first_solved_at,
        max(case when event_kind = 'ticket_solved' then occurred_second end) as last_solved_at,
        min(case when event_kind = 'ticket_reopened' then occurred_second end) as first_reopened_at,
        max(case when event_kind = 'ticket_reopened' then occurred_second end) as last_reopened_at
    from ticket_event
    group by source, ticket_id

),

opened as (

    select
        journey_step.event_id,
        journey_step.journey_id,
        journey_step.person_id,
        journey_step.stage,
        journey_step.step_no,
        segment_member.segment,
        event.source,
        event.activity_raw as topic,
        date_trunc('second', journey_step.occurred_at) as opened_at,
        date_trunc('second', run_setting.as_of) as as_of_second,
        (
            select min(event_object.object_id)
            from event_object
            where event_object.event_id = journey_step.event_id and event_object.object_type = 'ticket'
        ) as ticket_id
    from journey_step
    -- one to one, and one segment per journey
    inner join event
        on journey_step.event_id = event.event_id
    inner join segment_member
        on journey_step.journey_id = segment_member.journey_id
    cross join run_setting
    where journey_step.event_kind = 'ticket_created'

)

select
    opened.event_id,
    opened.person_id,
    opened.journey_id,
    opened.segment,
    coalesce(opened.stage, '') as stage,
    opened.source,
    coalesce(opened.topic, '') as topic,
    opened.opened_at,
    -- an answer told by its solution only came then at the latest
    case
        when ticket_course.replied_at >= opened.opened_at
            then ticket_course.replied_at
        when ticket_course.first_solved_at >= opened.opened_at
            then ticket_course.first_solved_at
    end as answered_at,
    case
        when
            ticket_course.last_solved_at >= opened.opened_at
            and coalesce(ticket_course.last_reopened_at <= ticket_course.last_solved_at, true)
            then ticket_course.last_solved_at
    end as solved_at,
    coalesce(ticket_course.last_reopened_at >= opened.opened_at, false) as is_reopened,
    case when ticket_course.last_reopened_at >= opened.opened_at
        then greatest(ticket_course.first_reopened_at, opened.opened_at)
    end as reopened_at,
    date_diff('second', opened.opened_at, opened.as_of_second) / cast(86400 as double) as followed_days,
    date_diff('second', opened.opened_at, lead(opened.opened_at) over (
        partition by opened.person_id, opened.topic
        order by opened.opened_at, opened.event_id
    )) / cast(86400 as double) as next_days
from opened
-- at most one course per ticket
left join ticket_course
    on opened.source = ticket_course.source and opened.ticket_id = ticket_course.ticket_id
