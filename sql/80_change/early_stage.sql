-- model: early_stage
-- layer: change
-- grain: one row per journey of the last 20 weeks and stage entered within 28 days of its start
-- key: journey_id, episode_no
-- reads: journey, stage_episode, segment_member, run_setting
-- why: ways of old and new journeys compare only as far as both were followed
-- not_null: person_id, segment, weeks_ago, stage, next_stage
with

followed_journey as (

    -- followed for 28 days; week 0 is the latest whose journeys all were
    select
        journey.journey_id,
        journey.person_id,
        segment_member.segment,
        journey.started_at,
        journey.ending,
        journey.ended_at,
        cast(floor(
            (date_diff('second', journey.started_at, run_setting.as_of) - 28 * 86400)
            / cast(7 * 86400 as double)
        ) as bigint) as weeks_ago
    from journey
    -- one segment per journey
    inner join segment_member
        on journey.journey_id = segment_member.journey_id
    cross join run_setting
    where
        not journey.is_left_uncertain
        and date_diff('second', journey.started_at, run_setting.as_of) >= 28 * 86400

)

select
    followed_journey.journey_id,
    stage_episode.episode_no,
    followed_journey.person_id,
    followed_journey.segment,
    followed_journey.weeks_ago,
    stage_episode.stage,
    case
        when
            stage_episode.exited_at is null
            or date_diff('second', followed_journey.started_at, stage_episode.exited_at)
            > 28 * 86400
            then 'open'
        when stage_episode.next_stage is not null then stage_episode.next_stage
        when stage_episode.cause = 'lost' then 'lost'
        else 'won'
    end as next_stage
from followed_journey
inner join stage_episode
    on followed_journey.journey_id = stage_episode.journey_id
where
    followed_journey.weeks_ago < 16
    and date_diff('second', followed_journey.started_at, stage_episode.entered_at) <= 28 * 86400
