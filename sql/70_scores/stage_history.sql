-- model: stage_history
-- layer: scores
-- grain: one row per stay, friction, ticket or text of a customer in or about a stage
-- key: none
-- reads: stage_episode, segment_member, run_setting, contact, episode_friction, episode_step, stage_wait, voice_answer, event
-- why: what happened to whom in which stage, and from which second on it was known
-- not_null: person_id, segment, stage, trait, amount, known_second
with

dated as (

    select
        event_id,
        -- seconds since 2000; a mere date is over at the end of its day
        date_diff('second', cast('2000-01-01 00:00:00' as timestamp), date_trunc('second', occurred_at))
        + case when ts_quality = 'date_only' then 86399 else 0 end as known_second
    from event

)

select
    stage_episode.person_id,
    segment_member.segment,
    stage_episode.stage,
    'stay' as trait,
    cast(1 as double) as amount,
    date_diff('second', cast('2000-01-01 00:00:00' as timestamp), date_trunc('second', stage_episode.entered_at)) as known_second
from stage_episode
-- one segment per journey
inner join segment_member
    on stage_episode.journey_id = segment_member.journey_id
cross join run_setting
where coalesce(stage_episode.exited_at, run_setting.as_of) >= run_setting.observed_from
union all
select
    stage_episode.person_id,
    segment_member.segment,
    stage_episode.stage,
    case when episode_friction.friction = 'repeat_contact' then 'repeat' else 'slow' end as trait,
    cast(1 as double) as amount,
    -- a wait is known to be long once it has lasted that long
    dated.known_second + case
        when episode_friction.friction = 'repeat_contact' then 0
        else cast(floor(stage_wait.long_seconds) as bigint)
    end as known_second
from episode_friction
-- many to one, its first step, and one segment per journey
inner join stage_episode
    on
        episode_friction.journey_id = stage_episode.journey_id
        and episode_friction.episode_no = stage_episode.episode_no
inner join episode_step
    on
        episode_friction.journey_id = episode_step.journey_id
        and episode_friction.episode_no = episode_step.episode_no
        and episode_friction.first_step_no = episode_step.episode_step_no
        -- what others do in between carries the same number
        and episode_step.is_step
inner join dated
    on episode_step.event_id = dated.event_id
inner join segment_member
    on stage_episode.journey_id = segment_member.journey_id
left join stage_wait
    on stage_episode.stage = stage_wait.stage
where episode_friction.friction in ('long_wait', 'unanswered', 'repeat_contact')
union all
select
    contact.person_id,
    contact.segment,
    contact.stage,
    'contact' as trait,
    cast(1 as double) as amount,
    dated.known_second
from contact
inner join dated
    on contact.event_id = dated.event_id
where contact.stage <> ''
union all
select
    person_id,
    segment,
    stage,
    'reopened' as trait,
    cast(1 as double) as amount,
    date_diff('second', cast('2000-01-01 00:00:00' as timestamp), date_trunc('second', reopened_at)) as known_second
from contact
where stage <> '' and is_reopened
union all
select
    voice_answer.person_id,
    voice_answer.segment,
    voice_answer.stage,
    'text' as trait,
    voice_answer.value as amount,
    dated.known_second
from voice_answer
inner join dated
    on voice_answer.event_id = dated.event_id
where voice_answer.kind = 'text' and voice_answer.segment <> '' and voice_answer.stage <> ''
