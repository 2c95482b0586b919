-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: stg_zendesk__tickets
-- why: binds the events of one ticket, and the tickets of one organisation
with

thing as (

    select ticket_id, 'ticket' as object_type, ticket_id as object_id, 'subject' as qualifier
    from stg_zendesk__tickets
    union all
    select ticket_id, 'organization' as object_type, org_id as object_id, 'account' as qualifier
    from stg_zendesk__tickets
    where org_id is not null

),

moment as (

    select ':created' as suffix
    union all
    select ':solved' as suffix
    union all
    select ':csat' as suffix

)

select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, moment.suffix) as natural_key,
    thing.object_type,
    thing.object_id,
    thing.qualifier
from stg_zendesk__tickets as ticket
cross join moment
-- one to one or two
inner join thing on ticket.ticket_id = thing.ticket_id
where moment.suffix = ':created'
    or (moment.suffix = ':solved' and ticket.status in ('solved', 'closed'))
    or (moment.suffix = ':csat' and (ticket.csat like 'good%' or ticket.csat like 'bad%'))
