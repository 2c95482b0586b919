-- model: episode_pattern
-- layer: scores
-- grain: one row per stage episode
-- key: journey_id, episode_no
-- reads: episode_step, stage_episode
-- why: how many steps an episode has, and at which of them a customer went to and fro, or walked the same round twice
-- not_null: step_count
with

known_step as (

    -- what ends the episode, such as the note that the deal is lost, is no step in it
    select
        episode_step.journey_id,
        episode_step.episode_no,
        episode_step.episode_step_no,
        coalesce(nullif(episode_step.touchpoint, ''), 'other') as place,
        lag(coalesce(nullif(episode_step.touchpoint, ''), 'other')) over (
            partition by episode_step.journey_id, episode_step.episode_no order by episode_step.episode_step_no
        ) as place_before,
        case
            when stage_episode.exited_at is null or episode_step.occurred_at < stage_episode.exited_at then 1 else 0
        end as is_inside
    from episode_step
    -- one episode per step
    inner join stage_episode
        on
            episode_step.journey_id = stage_episode.journey_id
            and episode_step.episode_no = stage_episode.episode_no

),

walked as (

    -- repeats in a row are taken once
    select
        journey_id,
        episode_no,
        episode_step_no,
        place,
        lag(place, 1) over (partition by journey_id, episode_no order by episode_step_no) as back_1,
        lag(place, 2) over (partition by journey_id, episode_no order by episode_step_no) as back_2,
        lag(place, 3) over (partition by journey_id, episode_no order by episode_step_no) as back_3,
        lag(place, 4) over (partition by journey_id, episode_no order by episode_step_no) as back_4,
        lag(place, 5) over (partition by journey_id, episode_no order by episode_step_no) as back_5
    from known_step
    where place_before is distinct from place

),

turned as (

    select
        journey_id,
        episode_no,
        episode_step_no,
        -- a b a
        case when place = back_2 then 1 else 0 end as is_ping_pong,
        -- a b a b, or a b c a b c
        case
            when place = back_2 and back_1 = back_3 then 1
            when place = back_3 and back_1 = back_4 and back_2 = back_5 and place <> back_2 then 1
            else 0
        end as is_loop
    from walked

),

counted as (

    select
        journey_id,
        episode_no,
        episode_step_no,
        is_loop,
        sum(is_ping_pong) over (
            partition by journey_id, episode_no
            order by episode_step_no
            rows between unbounded preceding and current row
        ) as ping_pongs
    from turned

),

pattern as (

    select
        journey_id,
        episode_no,
        min(case when ping_pongs >= 2 then episode_step_no end) as ping_pong_step,
        min(case when is_loop = 1 then episode_step_no end) as loop_step
    from counted
    group by journey_id, episode_no

),

episode_length as (

    select
        journey_id,
        episode_no,
        cast(sum(is_inside) as bigint) as step_count
    from known_step
    group by journey_id, episode_no

)

select
    episode_length.journey_id,
    episode_length.episode_no,
    episode_length.step_count,
    pattern.ping_pong_step,
    pattern.loop_step
from episode_length
-- one to one
inner join pattern
    on
        episode_length.journey_id = pattern.journey_id
        and episode_length.episode_no = pattern.episode_no
