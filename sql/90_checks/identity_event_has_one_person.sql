-- model: identity_event_has_one_person
-- layer: checks
-- grain: one row per event that has a usable identifier and not exactly one person
-- key: event_id
-- reads: event_identifier, event, event_person
-- why: an event without its person silently shortens a journey
-- severity: error
with

owner as (

    select
        event_identifier.event_id,
        count(distinct event_person.person_id) as person_count
    from event_identifier
    -- one event per row
    inner join event
        on event.event_id = event_identifier.event_id
    -- at most one row per event is promised; this counts
    left join event_person
        on event_person.event_id = event_identifier.event_id
    where
        event_identifier.blocked_reason is null
        and event_identifier.value <> ''
    group by event_identifier.event_id

)

select
    event_id,
    person_count
from owner
where person_count <> 1
