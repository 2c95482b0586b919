-- model: episode_pattern
-- layer: scores
-- grain: one row per stage episode
-- key: journey_id, episode_no
-- reads: episode_step, episode_length
-- why: the length of an episode, and at which step a customer went to and fro, or walked the same round twice
-- not_null: step_count, outwaited_step_count
with

own_step as (

    select
        journey_id,
        episode_no,
        episode_step_no,
        coalesce(nullif(touchpoint, ''), 'other') as place,
        lag(coalesce(nullif(touchpoint, ''), 'other')) over (
            partition by journey_id, episode_no order by step_no
        ) as place_before
    from episode_step
    where is_own and is_inside

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
    from own_step
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

)

select
    episode_length.journey_id,
    episode_length.episode_no,
    episode_length.step_count,
    episode_length.outwaited_step_count,
    pattern.ping_pong_step,
    pattern.loop_step
from episode_length
-- at most one: who did nothing of their own walked nowhere
left join pattern
    on
        episode_length.journey_id = pattern.journey_id
        and episode_length.episode_no = pattern.episode_no
