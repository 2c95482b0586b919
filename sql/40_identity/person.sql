-- model: person
-- layer: identity
-- grain: one row per person
-- key: person_id
-- reads: person_identifier, event_person, event
-- not_null: identifier_count, event_count, first_seen_at, last_seen_at
-- why: counts what is known of each person
with

known as (

    select
        person_id,
        count(*) as identifier_count,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from person_identifier
    group by person_id

),

seen as (

    select
        event_person.person_id,
        count(*) as event_count,
        min(event.occurred_at) as first_seen_at,
        max(event.occurred_at) as last_seen_at
    from event_person
    -- one event per row
    inner join event
        on event.event_id = event_person.event_id
    group by event_person.person_id

)

select
    known.person_id,
    known.identifier_count,
    coalesce(seen.event_count, 0) as event_count,
    -- a shared device whose events all belong to others has no event of its own
    coalesce(seen.first_seen_at, known.first_seen_at) as first_seen_at,
    coalesce(seen.last_seen_at, known.last_seen_at) as last_seen_at
from known
-- at most one row per person
left join seen
    on seen.person_id = known.person_id
