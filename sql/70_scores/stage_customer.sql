-- model: stage_customer
-- layer: scores
-- grain: one row per customer who was in a stage, or spoke of it, and segment
-- key: person_id, segment, stage
-- reads: stage_episode, segment_member, run_setting, contact, episode_friction, voice_answer, voice_event, event
-- why: who could have spoken of a stage, who did, who was asked, and what had happened to each of them there
-- not_null: stay_count, contact_count, text_count, answer_count, invited_count
with

observed_stay as (

    select
        stage_episode.journey_id,
        stage_episode.episode_no,
        stage_episode.person_id,
        stage_episode.stage,
        segment_member.segment
    from stage_episode
    -- one segment per journey
    inner join segment_member
        on stage_episode.journey_id = segment_member.journey_id
    cross join run_setting
    where coalesce(stage_episode.exited_at, run_setting.as_of) >= run_setting.observed_from

),

friction as (

    select
        journey_id,
        episode_no,
        max(case when friction in ('long_wait', 'unanswered') then 1 else 0 end) as is_slow,
        max(case when friction = 'repeat_contact' then 1 else 0 end) as is_repeated
    from episode_friction
    group by journey_id, episode_no

),

vote as (

    select
        person_id,
        segment,
        stage,
        kind = 'text' as is_text,
        avg(value) as value
    from voice_answer
    where segment <> '' and stage <> ''
    group by person_id, segment, stage, kind = 'text', vote_no

),

part as (

    select
        observed_stay.person_id,
        observed_stay.segment,
        observed_stay.stage,
        1 as stay_count,
        coalesce(friction.is_slow, 0) as slow_count,
        coalesce(friction.is_repeated, 0) as repeat_count,
        0 as contact_count,
        0 as reopened_count,
        0 as invited_count,
        cast(null as double) as text_value,
        cast(null as double) as answer_value
    from observed_stay
    -- at most one row per episode
    left join friction
        on
            observed_stay.journey_id = friction.journey_id
            and observed_stay.episode_no = friction.episode_no
    union all
    select
        person_id,
        segment,
        stage,
        0 as stay_count,
        0 as slow_count,
        0 as repeat_count,
        1 as contact_count,
        case when is_reopened then 1 else 0 end as reopened_count,
        0 as invited_count,
        cast(null as double) as text_value,
        cast(null as double) as answer_value
    from contact
    where stage <> ''
    union all
    select
        person_id,
        segment,
        stage,
        0 as stay_count,
        0 as slow_count,
        0 as repeat_count,
        0 as contact_count,
        0 as reopened_count,
        0 as invited_count,
        case when is_text then value end as text_value,
        case when is_text then null else value end as answer_value
    from vote
    union all
    select
        voice_event.person_id,
        segment_member.segment,
        voice_event.stage,
        0 as stay_count,
        0 as slow_count,
        0 as repeat_count,
        0 as contact_count,
        0 as reopened_count,
        1 as invited_count,
        cast(null as double) as text_value,
        cast(null as double) as answer_value
    from voice_event
    -- one to one, and one segment per journey
    inner join event
        on voice_event.event_id = event.event_id
    inner join segment_member
        on voice_event.journey_id = segment_member.journey_id
    where event.event_kind = 'survey_invited' and voice_event.stage is not null

)

select
    person_id,
    segment,
    stage,
    cast(sum(stay_count) as bigint) as stay_count,
    cast(sum(slow_count) as bigint) as slow_count,
    cast(sum(repeat_count) as bigint) as repeat_count,
    cast(sum(contact_count) as bigint) as contact_count,
    cast(sum(reopened_count) as bigint) as reopened_count,
    cast(sum(invited_count) as bigint) as invited_count,
    count(text_value) as text_count,
    avg(text_value) as text_mean,
    count(answer_value) as answer_count,
    avg(answer_value) as answer_mean
from part
group by person_id, segment, stage
