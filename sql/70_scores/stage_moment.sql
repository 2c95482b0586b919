-- model: stage_moment
-- layer: scores
-- grain: one row per customer who was in a stage or asked about it, and segment
-- key: person_id, segment, stage
-- reads: stage_episode, segment_member, run_setting, survey_invitation
-- why: what may tell who answers must have been known before anybody asked; of those not asked, as long after they came
-- not_null: person_id, segment, stage
with

stay as (

    select
        stage_episode.person_id,
        segment_member.segment,
        stage_episode.stage,
        min(date_diff('second', cast('2000-01-01 00:00:00' as timestamp), date_trunc('second', greatest(stage_episode.entered_at, run_setting.observed_from))))
            as begun_second
    from stage_episode
    -- one segment per journey
    inner join segment_member
        on stage_episode.journey_id = segment_member.journey_id
    cross join run_setting
    where coalesce(stage_episode.exited_at, run_setting.as_of) >= run_setting.observed_from
    group by stage_episode.person_id, segment_member.segment, stage_episode.stage

),

invited as (

    select
        person_id,
        segment,
        stage,
        min(date_diff('second', cast('2000-01-01 00:00:00' as timestamp), date_trunc('second', invited_at))) as invited_second
    from survey_invitation
    group by person_id, segment, stage

),

usual as (

    select
        stay.stage,
        quantile_cont(invited.invited_second - stay.begun_second, 0.5) as seconds_until_invited
    from stay
    -- one to one at most
    inner join invited
        on
            stay.person_id = invited.person_id
            and stay.segment = invited.segment
            and stay.stage = invited.stage
    where invited.invited_second >= stay.begun_second
    group by stay.stage

)

select
    coalesce(stay.person_id, invited.person_id) as person_id,
    coalesce(stay.segment, invited.segment) as segment,
    coalesce(stay.stage, invited.stage) as stage,
    -- seconds since 2000; nothing counts as known of a stage about which nobody was asked
    coalesce(
        invited.invited_second, stay.begun_second + cast(floor(usual.seconds_until_invited) as bigint)
    ) as known_until_second
from stay
-- one to one at most
full outer join invited
    on
        stay.person_id = invited.person_id
        and stay.segment = invited.segment
        and stay.stage = invited.stage
left join usual
    on stay.stage = usual.stage
