-- model: duplicate_event
-- layer: journeys
-- grain: one row per event that another source has told within five minutes
-- key: event_id
-- not_null: duplicate_of
-- reads: told_pair
-- why: a web form and the lead that it opens are one contact; what holds a deal, a ticket, a text or a score is kept
with

held_pair as (

    select
        case when is_later_held then earlier_id else later_id end as event_id,
        case when is_later_held then earlier_no else later_no end as event_no,
        case when is_later_held then earlier_source else later_source end as source,
        case when is_later_held then later_id else earlier_id end as kept_id,
        case when is_later_held then later_no else earlier_no end as kept_no,
        seconds_between
    from told_pair
    where is_earlier_held <> is_later_held

),

nearest_pair as (

    -- two forms of one source are two contacts: a deal takes only the nearest
    select
        event_id,
        kept_id,
        kept_no
    from held_pair
    qualify
        row_number() over (
            partition by kept_id, source
            order by seconds_between, event_no
        ) = 1

),

folded_event as (

    select
        event_id,
        arg_min(kept_id, kept_no) as duplicate_of
    from nearest_pair
    group by event_id

),

repeated_event as (

    -- where nothing is held the first telling stays; one that repeats another is nobody's first
    select
        told_pair.later_id as event_id,
        arg_min(told_pair.earlier_id, told_pair.earlier_no) as duplicate_of
    from told_pair
    -- at most one each
    left join folded_event as first_event on told_pair.earlier_id = first_event.event_id
    left join folded_event as itself on told_pair.later_id = itself.event_id
    where
        first_event.event_id is null
        and itself.event_id is null
        and not told_pair.is_earlier_held
        and not told_pair.is_later_held
        and not exists (
            select 1 as found
            from told_pair as before
            where
                before.later_id = told_pair.earlier_id
                and not before.is_earlier_held
        )
    group by told_pair.later_id

)

select
    event_id,
    duplicate_of
from folded_event
union all
select
    event_id,
    duplicate_of
from repeated_event
