-- model: crowded_person
-- layer: journeys
-- grain: one row per person whose web events come faster than a human clicks
-- key: person_id
-- not_null: reason
-- reads: person_timeline
-- why: bots that do not say so betray themselves by their pace
with

busy_event as (

    select
        person_id,
        timeline_no,
        occurred_at
    from person_timeline
    where channel = 'web'
    qualify count(*) over (partition by person_id) > 60

),

paced_event as (

    select
        person_id,
        occurred_at,
        lag(occurred_at, 60) over (
            partition by person_id
            order by timeline_no
        ) as sixty_before_at,
        lag(occurred_at, 500) over (
            partition by person_id
            order by timeline_no
        ) as five_hundred_before_at
    from busy_event

),

pace as (

    select
        person_id,
        max(
            case when occurred_at < sixty_before_at + interval 1 minute then 1 else 0 end
        ) as is_crowded_minute,
        max(
            case when occurred_at < five_hundred_before_at + interval 1 day then 1 else 0 end
        ) as is_crowded_day
    from paced_event
    group by person_id

)

select
    person_id,
    case
        when is_crowded_minute = 1 then 'more than 60 web events in a minute'
        else 'more than 500 web events in a day'
    end as reason
from pace
where is_crowded_minute = 1 or is_crowded_day = 1
