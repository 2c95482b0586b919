-- model: answer_wait
-- layer: scores
-- grain: one row per time a customer waited for an answer in a journey of a segment
-- key: event_id
-- reads: episode_wait, person_event, segment_member, run_setting
-- why: whose wait it was, and how long in days, the one input of every number about answers in a stage
-- not_null: journey_id, person_id, segment, stage, time_days, delay_days, followed_days, state
select
    episode_wait.event_id,
    episode_wait.journey_id,
    person_event.person_id,
    segment_member.segment,
    episode_wait.stage,
    episode_wait.seconds_so_far / cast(86400 as double) as time_days,
    cast(0 as double) as delay_days,
    date_diff(
        'second', date_trunc('second', person_event.occurred_at), date_trunc('second', run_setting.as_of)
    ) / cast(86400 as double) as followed_days,
    case when episode_wait.seconds_waited is null then 'open' else 'answered' end as state
from episode_wait
-- one to one
inner join person_event
    on episode_wait.event_id = person_event.event_id
-- one segment per journey
inner join segment_member
    on episode_wait.journey_id = segment_member.journey_id
cross join run_setting
