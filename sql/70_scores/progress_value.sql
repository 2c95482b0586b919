-- model: progress_value
-- layer: scores
-- grain: one row per stage episode that ended by moving on
-- key: journey_id, episode_no
-- reads: stage_episode, journey, segment_member, purchase, run_setting
-- why: what a customer who moves on is worth: the chance that a purchase follows in the same journey
-- not_null: person_id, segment, stage, time_days, delay_days, followed_days, outcome
with

progressed as (

    select
        stage_episode.journey_id,
        stage_episode.episode_no,
        stage_episode.person_id,
        stage_episode.stage,
        segment_member.segment,
        date_trunc('second', stage_episode.exited_at) as moved_at,
        date_trunc('second', journey.ended_at) as ended_at,
        date_trunc('second', run_setting.as_of) as as_of_second
    from stage_episode
    -- one journey each, one segment per journey
    inner join journey
        on stage_episode.journey_id = journey.journey_id
    inner join segment_member
        on stage_episode.journey_id = segment_member.journey_id
    cross join run_setting
    where
        stage_episode.cause = 'progress'
        and stage_episode.exited_at >= run_setting.observed_from
        and stage_episode.exited_at <= run_setting.as_of

),

next_purchase as (

    select
        progressed.journey_id,
        progressed.episode_no,
        min(purchase.purchased_at) as purchased_at
    from progressed
    inner join purchase
        on progressed.journey_id = purchase.journey_id
    where purchase.purchased_at >= progressed.moved_at
    group by progressed.journey_id, progressed.episode_no

)

select
    progressed.journey_id,
    progressed.episode_no,
    progressed.person_id,
    progressed.segment,
    progressed.stage,
    date_diff(
        'second',
        progressed.moved_at,
        least(
            coalesce(next_purchase.purchased_at, progressed.ended_at, progressed.as_of_second),
            progressed.as_of_second
        )
    ) / cast(86400 as double) as time_days,
    cast(0 as double) as delay_days,
    date_diff('second', progressed.moved_at, progressed.as_of_second) / cast(86400 as double) as followed_days,
    case
        when next_purchase.purchased_at is not null then 'bought'
        when progressed.ended_at <= progressed.as_of_second then 'ended'
        else 'open'
    end as outcome
from progressed
-- at most one row each
left join next_purchase
    on progressed.journey_id = next_purchase.journey_id and progressed.episode_no = next_purchase.episode_no
