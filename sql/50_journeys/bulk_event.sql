-- model: bulk_event
-- layer: journeys
-- grain: one row per move of a deal in a minute in which its source moved more than fifty deals
-- key: event_id
-- not_null: deal_count
-- reads: event, event_object
-- why: a tidied CRM says nothing of customers; nobody deals with fifty of them in a minute
with

move as (

    select
        event.event_id,
        event.source,
        date_trunc('minute', event.occurred_at) as minute_at,
        event_object.object_id as deal_id
    from event
    inner join event_object
        on event.event_id = event_object.event_id and event_object.object_type = 'deal'
    where
        event.channel = 'crm'
        and event.event_kind <> 'deal_created'
        and event.exclude is null
        -- a mere date puts a whole day into one minute
        and event.ts_quality <> 'date_only'

),

bulk_minute as (

    select
        source,
        minute_at,
        count(distinct deal_id) as deal_count
    from move
    group by source, minute_at
    having count(distinct deal_id) > 50

)

select
    move.event_id,
    max(bulk_minute.deal_count) as deal_count
from move
-- many to one
inner join bulk_minute
    on move.source = bulk_minute.source and move.minute_at = bulk_minute.minute_at
group by move.event_id
