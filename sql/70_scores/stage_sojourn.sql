-- model: stage_sojourn
-- layer: scores
-- grain: one row per stage episode under observation, and one for the start of a journey that was seen
-- key: journey_id, episode_no
-- reads: episode_time, stage_episode, journey, segment_member
-- why: where each stage led and after how many days, the one input of the what-if chain
-- not_null: person_id, segment, stage, time_days, delay_days
select
    episode_time.journey_id,
    episode_time.episode_no,
    episode_time.person_id,
    episode_time.segment,
    episode_time.stage,
    case
        when episode_time.cause = 'open' then null
        when episode_time.cause = 'lost' then 'journey_end:lost'
        else coalesce(stage_episode.next_stage, 'journey_end:won')
    end as next_stage,
    episode_time.time_days,
    episode_time.delay_days
from episode_time
-- one to one
inner join stage_episode
    on
        episode_time.journey_id = stage_episode.journey_id
        and episode_time.episode_no = stage_episode.episode_no
union all
select
    journey.journey_id,
    0 as episode_no,
    journey.person_id,
    segment_member.segment,
    'journey_start' as stage,
    first_episode.stage as next_stage,
    cast(0 as double) as time_days,
    cast(0 as double) as delay_days
from journey
-- one segment per journey
inner join segment_member
    on journey.journey_id = segment_member.journey_id
-- at most one first episode per journey
inner join stage_episode as first_episode
    on
        journey.journey_id = first_episode.journey_id
        and first_episode.episode_no = 1
where not journey.is_left_uncertain
