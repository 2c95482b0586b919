-- model: customer_word
-- layer: change
-- grain: one row per segment, customer and field of which a word is known
-- key: segment, person_id, field
-- reads: journey_step, segment_member, person_event, sentiment, local_clock
-- why: what a persona card says in words - the usual touchpoint and time of day, the language
-- not_null: word
with

own_step as (

    select
        segment_member.segment,
        journey_step.person_id,
        journey_step.touchpoint,
        sentiment.language,
        person_event.is_life_sign and person_event.ts_quality = 'exact' as has_hour,
        cast(date_part(
            'hour', journey_step.occurred_at + local_clock.offset_minutes * interval '1' minute
        ) as integer) as hour_no
    from journey_step
    -- one segment per journey, one event per step, at most one text of a customer per event
    inner join segment_member
        on journey_step.journey_id = segment_member.journey_id
    inner join person_event
        on journey_step.event_id = person_event.event_id
    left join sentiment
        on journey_step.event_id = sentiment.event_id
    cross join local_clock

),

counted_word as (

    select
        segment,
        person_id,
        'touchpoint' as field,
        touchpoint as word,
        count(*) as weight
    from own_step
    group by segment, person_id, touchpoint

    union all

    select
        segment,
        person_id,
        'language' as field,
        language as word,
        count(*) as weight
    from own_step
    where language in ('ru', 'en')
    group by segment, person_id, language

    union all

    select
        segment,
        person_id,
        'day_part' as field,
        case
            when hour_no < 6 then 'night'
            when hour_no < 12 then 'morning'
            when hour_no < 18 then 'day'
            else 'evening'
        end as word,
        count(*) as weight
    from own_step
    where has_hour
    group by segment, person_id, word

),

ranked_word as (

    -- the most frequent one; ties go to the alphabet
    select
        segment,
        person_id,
        field,
        word,
        row_number() over (
            partition by segment, person_id, field order by weight desc, word
        ) as place
    from counted_word
    where nullif(word, '') is not null

)

select
    segment,
    person_id,
    field,
    word
from ranked_word
where place = 1
