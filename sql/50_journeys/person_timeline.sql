-- model: person_timeline
-- layer: journeys
-- grain: one row per event of a person that its source did not exclude; person_id is the customer
-- key: event_id
-- not_null: person_id, member_id, timeline_no, signature_id, occurred_at
-- reads: event, event_person, person_customer
-- why: puts the events of a customer in total order once and names what rules can see of an event
select
    event.event_id,
    -- the customer: the account of the person where journeys follow accounts, else the person
    coalesce(person_customer.customer_id, event_person.person_id) as person_id,
    event_person.person_id as member_id,
    event.source,
    event.event_kind,
    event.channel,
    event.direction,
    event.actor_type,
    event.activity_raw,
    event.url_path,
    event.referrer_host,
    event.utm_medium,
    event.pipeline,
    event.customer_type,
    event.score_norm,
    event.occurred_at,
    event.order_key,
    event.ts_quality,
    row_number() over (
        partition by coalesce(person_customer.customer_id, event_person.person_id)
        order by event.occurred_at, event.order_key, event.event_id
    ) as timeline_no,
    -- the separator is a sign that no export contains, so that two signatures never run together
    md5(
        coalesce(event.source, '') || '␟' || coalesce(event.event_kind, '')
        || '␟' || coalesce(event.channel, '') || '␟' || coalesce(event.direction, '')
        || '␟' || coalesce(event.actor_type, '') || '␟' || coalesce(event.activity_raw, '')
        || '␟' || coalesce(event.url_path, '') || '␟' || coalesce(event.referrer_host, '')
        || '␟' || coalesce(event.utm_medium, '') || '␟' || coalesce(event.pipeline, '')
        || '␟' || coalesce(event.customer_type, '')
        || '␟' || coalesce(cast(event.score_norm as varchar), '')
    ) as signature_id
from event
-- one to one: an event belongs to at most one person
inner join event_person on event.event_id = event_person.event_id
-- one to at most one
left join person_customer on event_person.person_id = person_customer.person_id
where event.exclude is null
