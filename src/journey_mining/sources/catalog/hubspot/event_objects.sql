-- model: event_objects
-- layer: events
-- grain: one row per event and deal, company or contact that takes part in it
-- key: stream, natural_key, object_type, object_id
-- reads: stg_hubspot__calls__deal_ids, stg_hubspot__deals, stg_hubspot__deals__company_ids, stg_hubspot__deals__contact_ids, stg_hubspot__deals__version, stg_hubspot__deals_api, stg_hubspot__deals_api__company_ids, stg_hubspot__deals_api__contact_ids, stg_hubspot__emails, stg_hubspot__emails__deal_ids, stg_hubspot__meetings, stg_hubspot__meetings__deal_ids, stg_hubspot__stage_entries, stg_hubspot__stage_history
-- why: journeys that follow deals are cut by them; a deal has one person, further contacts of it stand here
with

shown_stage as (

    select
        deal_id,
        stage,
        stage_key,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at,
        lag(stage_key) over (
            partition by deal_id
            order by coalesce(modified_at, _snapshot_at, created_at), _snapshot_at, _row_hash
        ) as stage_before,
        _row_hash
    from stg_hubspot__deals__version

),

deal_event as (

    select
        'stage_history' as stream,
        concat('deal:', deal_id, ':', stage_id, ':', moved_text) as natural_key,
        deal_id
    from stg_hubspot__stage_history
    where deal_id in (select deal_id from stg_hubspot__deals_api)
    union all
    select
        'stage_entries' as stream,
        concat('deal:', entry.deal_id, ':', replace(entry.property, 'hs_v2_date_entered_', '')) as natural_key,
        entry.deal_id
    from stg_hubspot__stage_entries as entry
    where entry.property like 'hs_v2_date_entered_%'
        and entry.entered_text is not null
        and entry.deal_id in (select deal_id from stg_hubspot__deals_api)
        and entry.deal_id not in (select deal_id from stg_hubspot__stage_history)
    union all
    select 'deals_api' as stream, concat('deal:', deal.deal_id, ':now') as natural_key, deal.deal_id
    from stg_hubspot__deals_api as deal
    where deal.stage_id is not null
        and deal.deal_id not in (select deal_id from stg_hubspot__stage_history)
        and not exists (
            select 1 as found
            from stg_hubspot__stage_entries as entry
            where entry.deal_id = deal.deal_id
                and entry.property like 'hs_v2_date_entered_%'
                and entry.entered_text is not null
        )
    union all
    select 'deals_api' as stream, concat('deal:', deal_id, ':created') as natural_key, deal_id
    from stg_hubspot__deals_api
    union all
    select 'deals' as stream, concat('deal:', deal_id, ':created') as natural_key, deal_id
    from stg_hubspot__deals
    where deal_id not in (select deal_id from stg_hubspot__deals_api)
    union all
    select
        'deals' as stream,
        concat(
            'deal:', deal_id, ':', stage, ':',
            row_number() over (partition by deal_id, stage_key order by seen_at, _row_hash)
        ) as natural_key,
        deal_id
    from shown_stage
    where (stage_before is null or stage_before <> stage_key)
        and deal_id in (select deal_id from stg_hubspot__deals)
        and deal_id not in (select deal_id from stg_hubspot__deals_api)

),

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
from deal_event
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
