-- model: customer_trait
-- layer: change
-- grain: one row per segment, customer and trait that the customer showed in journeys of the segment
-- key: segment, person_id, kind, trait
-- reads: journey_step, segment_member, person_event, local_clock
-- why: what a segment shares or has of its own is counted in customers who ever did it
-- not_null: trait
with

placed_step as (

    select
        segment_member.segment,
        journey_step.person_id,
        journey_step.touchpoint,
        journey_step.stage,
        journey_step.channel,
        person_event.source,
        person_event.is_life_sign,
        cast(date_part(
            'isodow',
            journey_step.occurred_at + local_clock.offset_minutes * interval '1' minute
        ) as integer) as weekday_no
    from journey_step
    -- one segment per journey, one event per step
    inner join segment_member
        on journey_step.journey_id = segment_member.journey_id
    inner join person_event
        on journey_step.event_id = person_event.event_id
    cross join local_clock

),

shown_trait as (

    select
        segment,
        person_id,
        'touchpoint' as kind,
        touchpoint as trait
    from placed_step

    union

    select
        segment,
        person_id,
        'stage' as kind,
        stage as trait
    from placed_step

    union

    select
        segment,
        person_id,
        'channel' as kind,
        channel as trait
    from placed_step

    union

    select
        segment,
        person_id,
        'source' as kind,
        source as trait
    from placed_step

    union

    -- days on which customers themselves did something
    select
        segment,
        person_id,
        'weekday' as kind,
        case when weekday_no >= 6 then 'weekend' else 'working_day' end as trait
    from placed_step
    where is_life_sign

)

select
    segment,
    person_id,
    kind,
    trait
from shown_trait
where nullif(trait, '') is not null
