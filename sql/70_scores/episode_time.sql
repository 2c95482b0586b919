-- model: episode_time
-- layer: scores
-- grain: one row per stage episode whose entry is dated and part of which lies in the time observed
-- key: journey_id, episode_no
-- reads: stage_episode, segment_member, run_setting
-- why: time at risk in days, the one input of every share and median of a stage
-- not_null: person_id, segment, stage, time_days, delay_days, followed_days, cause
with

timed_episode as (

    select
        stage_episode.journey_id,
        stage_episode.episode_no,
        stage_episode.person_id,
        segment_member.segment,
        stage_episode.stage,
        date_trunc('second', stage_episode.entered_at) as entered_second,
        -- an exit after the cutoff is not known yet
        date_trunc(
            'second', least(coalesce(stage_episode.exited_at, run_setting.as_of), run_setting.as_of)
        ) as left_second,
        date_trunc('second', run_setting.as_of) as as_of_second,
        stage_episode.delay_days,
        stage_episode.cause,
        stage_episode.lost_how,
        stage_episode.is_first_entry,
        stage_episode.event_count
    from stage_episode
    -- one segment per journey
    inner join segment_member
        on stage_episode.journey_id = segment_member.journey_id
    cross join run_setting
    where stage_episode.is_entry_observed

)

select
    journey_id,
    episode_no,
    person_id,
    segment,
    stage,
    date_diff('second', entered_second, left_second) / cast(86400 as double) as time_days,
    cast(delay_days as double) as delay_days,
    date_diff('second', entered_second, as_of_second) / cast(86400 as double) as followed_days,
    cause,
    -- by a status of the source, or by silence; empty for other ends
    coalesce(lost_how, '') as lost_how,
    is_first_entry,
    event_count
from timed_episode
-- who left before observation began was never at risk of being seen to leave
where
    delay_days <= 0
    or date_diff('second', entered_second, left_second) / cast(86400 as double) > delay_days
