-- model: person_link
-- layer: change
-- grain: one row per person of last night and person of tonight who share events
-- key: old_person_id, person_id
-- reads: last_event_person, event_person
-- why: who was split or joined since last night, told by events that stood in both
-- not_null: event_count
select
    last_event_person.person_id as old_person_id,
    event_person.person_id,
    count(*) as event_count
from last_event_person
-- one person per event on either night
inner join event_person
    on last_event_person.event_id = event_person.event_id
group by last_event_person.person_id, event_person.person_id
