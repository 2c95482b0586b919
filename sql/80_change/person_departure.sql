-- model: person_departure
-- layer: change
-- grain: one row per person of last night with events that are no longer there
-- key: person_id
-- reads: last_event_person, event_person
-- why: a source that takes records back corrects the past, which is late news too
-- not_null: gone_count
select
    last_event_person.person_id,
    count(*) as gone_count
from last_event_person
-- at most one person tonight
left join event_person
    on last_event_person.event_id = event_person.event_id
where event_person.event_id is null
group by last_event_person.person_id
