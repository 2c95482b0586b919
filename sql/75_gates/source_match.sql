-- model: source_match
-- layer: gates
-- grain: one row per source in which somebody was seen
-- key: source
-- reads: event, event_person
-- why: when identifiers of a source change their form, its people are suddenly seen nowhere else
with

source_person as (

    select distinct
        event.source,
        event_person.person_id
    from event
    -- one to one
    inner join event_person on event.event_id = event_person.event_id

),

person_spread as (

    select
        source_person.person_id,
        count(*) as source_count
    from source_person
    group by source_person.person_id

)

select
    source_person.source,
    count(*) as person_count,
    cast(sum(case when person_spread.source_count > 1 then 1 else 0 end) as bigint) as matched_count
from source_person
-- one to one
inner join person_spread on source_person.person_id = person_spread.person_id
group by source_person.source
