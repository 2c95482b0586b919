-- model: episode_pattern
-- layer: scores
-- grain: one row per stage episode
-- key: journey_id, episode_no
-- reads: episode_step
-- why: counts going to and fro between touchpoints, and the same round walked twice, repeats in a row taken once
with

known_step as (

    select
        journey_id,
        episode_no,
        step_no,
        coalesce(nullif(touchpoint, ''), 'other') as place,
        lag(coalesce(nullif(touchpoint, ''), 'other')) over (
            partition by journey_id, episode_no order by step_no
        ) as place_before
    from episode_step

),

walked as (

    select
        journey_id,
        episode_no,
        place,
        lag(place, 1) over (partition by journey_id, episode_no order by step_no) as back_1,
        lag(place, 2) over (partition by journey_id, episode_no order by step_no) as back_2,
        lag(place, 3) over (partition by journey_id, episode_no order by step_no) as back_3,
        lag(place, 4) over (partition by journey_id, episode_no order by step_no) as back_4,
        lag(place, 5) over (partition by journey_id, episode_no order by step_no) as back_5
    from known_step
    where place_before is distinct from place

)

select
    journey_id,
    episode_no,
    -- a b a
    cast(sum(case when place = back_2 then 1 else 0 end) as bigint) as ping_pong_count,
    -- a b a b, or a b c a b c
    cast(sum(
        case
            when place = back_2 and back_1 = back_3 then 1
            when
                place = back_3 and back_1 = back_4 and back_2 = back_5 and place <> back_2
                then 1
            else 0
        end
    ) as bigint) as loop_count
from walked
group by journey_id, episode_no
