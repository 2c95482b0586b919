-- model: person_arrival
-- layer: change
-- grain: one row per person of tonight with events that last night did not hold
-- key: person_id
-- reads: event_person, event, last_event_person, last_setting
-- why: tells what people did since last night from what was known too late
-- not_null: late_count, new_count
select
    event_person.person_id,
    cast(sum(
        case when event.occurred_at <= last_setting.as_of then 1 else 0 end
    ) as bigint) as late_count,
    cast(sum(
        case when event.occurred_at > last_setting.as_of then 1 else 0 end
    ) as bigint) as new_count
from event_person
-- one event per row, at most one person last night
inner join event
    on event_person.event_id = event.event_id
left join last_event_person
    on event_person.event_id = last_event_person.event_id
cross join last_setting
where last_event_person.event_id is null
group by event_person.person_id
