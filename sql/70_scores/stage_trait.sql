-- model: stage_trait
-- layer: scores
-- grain: one row per stay, ticket, vote or invitation of a customer and thing it tells of him
-- key: none
-- reads: stage_episode, segment_member, run_setting, contact, episode_friction, voice_answer, voice_event, event
-- why: what happened to whom in which stage, and who spoke of it, in one shape that can be counted
-- not_null: person_id, segment, stage, trait, amount
select
    stage_episode.person_id,
    segment_member.segment,
    stage_episode.stage,
    'stay' as trait,
    cast(1 as double) as amount
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
    cast(1 as double) as amount
from episode_friction
-- many to one, then one segment per journey
inner join stage_episode
    on
        episode_friction.journey_id = stage_episode.journey_id
        and episode_friction.episode_no = stage_episode.episode_no
inner join segment_member
    on stage_episode.journey_id = segment_member.journey_id
where episode_friction.friction in ('long_wait', 'unanswered', 'repeat_contact')
union all
select
    person_id,
    segment,
    stage,
    'contact' as trait,
    cast(1 as double) as amount
from contact
where stage <> ''
union all
select
    person_id,
    segment,
    stage,
    'reopened' as trait,
    cast(1 as double) as amount
from contact
where stage <> '' and is_reopened
union all
select
    person_id,
    segment,
    stage,
    case when kind = 'text' then 'text' else 'answer' end as trait,
    -- whole millionths add up to the same in any order
    sum(cast(floor(value * 1000000 + 0.5) as bigint)) / cast(count(*) as double) / 1000000 as amount
from voice_answer
where segment <> '' and stage <> ''
group by person_id, segment, stage, case when kind = 'text' then 'text' else 'answer' end, vote_no
union all
select
    voice_answer.person_id,
    voice_answer.segment,
    voice_answer.stage,
    'reply' as trait,
    sum(cast(floor(voice_answer.value * 1000000 + 0.5) as bigint)) / cast(count(*) as double) / 1000000 as amount
from voice_answer
-- many to one
inner join event
    on voice_answer.event_id = event.event_id
-- an answer to one source is none to the invitation of another
inner join (select distinct source from event where event_kind = 'survey_invited') as inviting
    on event.source = inviting.source
where voice_answer.segment <> '' and voice_answer.stage <> '' and voice_answer.kind <> 'text'
group by voice_answer.person_id, voice_answer.segment, voice_answer.stage, voice_answer.vote_no
union all
select
    voice_event.person_id,
    segment_member.segment,
    voice_event.stage,
    'invited' as trait,
    cast(1 as double) as amount
from voice_event
-- one to one, and one segment per journey
inner join event
    on voice_event.event_id = event.event_id
inner join segment_member
    on voice_event.journey_id = segment_member.journey_id
where event.event_kind = 'survey_invited' and voice_event.stage is not null
