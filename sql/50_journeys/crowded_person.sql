-- model: crowded_person
-- layer: journeys
-- grain: one row per person whose web events come as no human clicks
-- key: person_id
-- not_null: reason
-- reads: person_timeline
-- why: bots that do not say so betray themselves by their pace, or by never sleeping
with

paced_event as (

    select
        member_id,
        timeline_no,
        occurred_at,
        lag(occurred_at, 1) over (
            partition by member_id
            order by timeline_no
        ) as before_at,
        lag(occurred_at, 60) over (
            partition by member_id
            order by timeline_no
        ) as sixty_before_at,
        lag(occurred_at, 500) over (
            partition by member_id
            order by timeline_no
        ) as five_hundred_before_at
    from person_timeline
    where channel = 'web'
    -- with pauses under four hours a day and a night take seven events at least
    qualify count(*) over (partition by member_id) > 6

),

waking_event as (

    select
        member_id,
        occurred_at,
        sixty_before_at,
        five_hundred_before_at,
        sum(case when occurred_at < before_at + interval 4 hour then 0 else 1 end) over (
            partition by member_id
            order by timeline_no
            rows between unbounded preceding and current row
        ) as waking_no
    from paced_event

),

waking as (

    select
        member_id,
        max(
            case when occurred_at < sixty_before_at + interval 1 minute then 1 else 0 end
        ) as is_crowded_minute,
        max(
            case when occurred_at < five_hundred_before_at + interval 1 day then 1 else 0 end
        ) as is_crowded_day,
        max(occurred_at) >= min(occurred_at) + interval 1 day as is_sleepless
    from waking_event
    group by member_id, waking_no

),

pace as (

    select
        member_id,
        max(is_crowded_minute) as is_crowded_minute,
        max(is_crowded_day) as is_crowded_day,
        max(case when is_sleepless then 1 else 0 end) as is_sleepless
    from waking
    group by member_id

)

select
    member_id as person_id,
    case
        when is_crowded_minute = 1 then 'more than 60 web events in a minute'
        when is_crowded_day = 1 then 'more than 500 web events in a day'
        else 'a day and a night on the web without a pause of four hours'
    end as reason
from pace
where is_crowded_minute = 1 or is_crowded_day = 1 or is_sleepless = 1
