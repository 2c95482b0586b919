-- model: account_evidence
-- layer: identity
-- grain: one row per person and company that something ties the person to
-- key: person_id, account_key, rule
-- reads: event_person, event, event_object, event_identifier, email_domain
-- not_null: event_count
-- why: a company is known by its record, or by the domain of its mail; neither makes one person of two
select
    event_person.person_id,
    concat(event.source, '|', event_object.object_type, '|', event_object.object_id) as account_key,
    'company_record' as rule,
    count(distinct event.event_id) as event_count
from event_person
-- one event per row
inner join event
    on event.event_id = event_person.event_id
-- few objects to an event
inner join event_object
    on event_object.event_id = event_person.event_id
where
    event_object.qualifier = 'account'
    and event.exclude is null
group by
    event_person.person_id,
    concat(event.source, '|', event_object.object_type, '|', event_object.object_id)

union all

select
    event_person.person_id,
    concat('domain|', email_domain.domain) as account_key,
    'email_domain' as rule,
    count(distinct event.event_id) as event_count
from event_person
-- one event per row
inner join event
    on event.event_id = event_person.event_id
-- few identifiers to an event
inner join event_identifier
    on event_identifier.event_id = event_person.event_id
-- at most one domain per address
inner join email_domain
    on email_domain.value = event_identifier.value
where
    event_identifier.kind = 'email'
    and event.exclude is null
group by
    event_person.person_id,
    concat('domain|', email_domain.domain)
