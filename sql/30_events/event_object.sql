-- model: event_object
-- layer: events
-- grain: one row per event and object of the business that it is about
-- key: event_id, object_type, object_id, qualifier
-- reads: source_object, event
-- why: deals and tickets bind events that no person identifier binds
select
    event.event_id,
    thing.object_type,
    thing.object_id,
    thing.qualifier
from source_object as thing
-- many to one
inner join event
    on thing.source = event.source
    and thing.stream = event.stream
    and thing.natural_key = event.natural_key
where thing.object_id is not null
group by
    event.event_id,
    thing.object_type,
    thing.object_id,
    thing.qualifier
