-- model: told_pair
-- layer: journeys
-- grain: one row per two events in which two sources tell one person's matter within five minutes
-- key: earlier_id, later_id
-- not_null: is_earlier_held, is_later_held, seconds_between
-- reads: told_event
-- why: compared two by two, so that no chain of events can stretch the five minutes
with

reach as (

    select
        event_id,
        person_id,
        source,
        timeline_no,
        occurred_at,
        matter,
        is_held,
        slot_no
    from told_event
    union all
    select
        event_id,
        person_id,
        source,
        timeline_no,
        occurred_at,
        matter,
        is_held,
        slot_no + 1 as slot_no
    from told_event

)

select
    reach.event_id as earlier_id,
    reach.source as earlier_source,
    reach.timeline_no as earlier_no,
    reach.is_held as is_earlier_held,
    later.event_id as later_id,
    later.source as later_source,
    later.timeline_no as later_no,
    later.is_held as is_later_held,
    date_diff(
        'second',
        date_trunc('second', reach.occurred_at),
        date_trunc('second', later.occurred_at)
    ) as seconds_between
from reach
-- many to many: the tellings of a person in one slot and the next
inner join told_event as later
    on
        reach.person_id = later.person_id
        and reach.matter = later.matter
        and reach.slot_no = later.slot_no
        and reach.source <> later.source
        and reach.timeline_no < later.timeline_no
        and later.occurred_at <= reach.occurred_at + interval 5 minute
