-- model: event_objects
-- layer: events
-- grain: one row per event and deal, company or contact that takes part in it
-- key: stream, natural_key, object_type, object_id
-- reads: int_hubspot__deal_event, stg_hubspot__calls__deal_ids, stg_hubspot__deals, stg_hubspot__deals__company_ids, stg_hubspot__deals__contact_ids, stg_hubspot__deals_api, stg_hubspot__deals_api__company_ids, stg_hubspot__deals_api__contact_ids, stg_hubspot__emails, stg_hubspot__emails__deal_ids, stg_hubspot__meetings, stg_hubspot__meetings__deal_ids
-- why: journeys that follow deals are cut by them; a deal has one person, further contacts of it stand here
with

deal_object as (

    select deal_id, 'deal' as object_type, deal_id as object_id, 'subject' as qualifier
    from stg_hubspot__deals_api
    union all
    select deal_id, 'company' as object_type, item as object_id, 'account' as qualifier
    from stg_hubspot__deals_api__company_ids
    union all
    select deal_id, 'contact' as object_type, item as object_id, 'participant' as qualifier
    from stg_hubspot__deals_api__contact_ids
    union all
    select deal_id, 'deal' as object_type, deal_id as object_id, 'subject' as qualifier
    from stg_hubspot__deals
    where deal_id not in (select deal_id from stg_hubspot__deals_api)
    union all
    select deal_id, 'company' as object_type, item as object_id, 'account' as qualifier
    from stg_hubspot__deals__company_ids
    where deal_id not in (select deal_id from stg_hubspot__deals_api)
    union all
    select deal_id, 'contact' as object_type, item as object_id, 'participant' as qualifier
    from stg_hubspot__deals__contact_ids
    where deal_id not in (select deal_id from stg_hubspot__deals_api)

)

select
    deal_event.stream,
    deal_event.natural_key,
    deal_object.object_type,
    deal_object.object_id,
    deal_object.qualifier
from int_hubspot__deal_event as deal_event
-- many to many: each event of a deal carries all that hangs on the deal
inner join deal_object on deal_event.deal_id = deal_object.deal_id
union all
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'deal' as object_type,
    item as object_id,
    'about' as qualifier
from stg_hubspot__calls__deal_ids
union all
select
    'emails' as stream,
    concat('email:', email_id) as natural_key,
    'deal' as object_type,
    item as object_id,
    'about' as qualifier
from stg_hubspot__emails__deal_ids
where email_id in (
    select email_id
    from stg_hubspot__emails
    where coalesce(status, 'SENT') not in ('SCHEDULED', 'SENDING', 'FAILED')
)
union all
select
    'meetings' as stream,
    concat('meeting:', meeting_id) as natural_key,
    'deal' as object_type,
    item as object_id,
    'about' as qualifier
from stg_hubspot__meetings__deal_ids
where meeting_id in (
    select meeting_id
    from stg_hubspot__meetings
    where coalesce(outcome, '') not in ('CANCELED', 'RESCHEDULED')
        -- one that lies ahead of the export may yet be called off
        and (outcome = 'COMPLETED' or try_cast(met_text as timestamp) <= coalesce(_snapshot_at, modified_at))
        and try_cast(met_text as timestamp) is not null
)
