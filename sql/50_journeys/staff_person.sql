-- model: staff_person
-- layer: journeys
-- grain: one row per person known by addresses of the company's own domain only
-- key: person_id
-- reads: event, event_person, event_identifier, person_identifier
-- why: all that a colleague does is no customer's act; a customer whose mail an agent passed on stays a customer
with

addressed_event as (

    select
        event_id,
        min(case when is_internal then 1 else 0 end) as is_own_only
    from event_identifier
    where kind = 'email'
    group by event_id

),

told_stream as (

    select
        event_person.person_id,
        count(*) as event_count,
        sum(coalesce(addressed_event.is_own_only, 0)) as own_count
    from event_person
    -- one to one, then at most one
    inner join event on event_person.event_id = event.event_id
    left join addressed_event on event_person.event_id = addressed_event.event_id
    group by event_person.person_id, event.source, event.stream

),

customer_address as (

    select distinct person_identifier.person_id
    from person_identifier
    -- one to many: an address stands on many events, and is internal on all or none
    inner join event_identifier
        on
            person_identifier.kind = event_identifier.kind
            and person_identifier.value = event_identifier.value
    where event_identifier.kind = 'email' and not event_identifier.is_internal

)

select told_stream.person_id
from told_stream
-- at most one row per person
left join customer_address on told_stream.person_id = customer_address.person_id
where
    customer_address.person_id is null
    -- where most records of a stream show other addresses or none, this one was passed on
    and told_stream.own_count > 0
    and 2 * told_stream.own_count >= told_stream.event_count
group by told_stream.person_id
