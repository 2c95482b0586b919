-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_bitrix24__contacts, stg_bitrix24__contacts__emails, stg_bitrix24__contacts__phones, stg_bitrix24__deals, stg_bitrix24__deals__emails, stg_bitrix24__deals__phones, stg_bitrix24__stage_history
-- why: contacts bind number, addresses and phones; deals bring the browser that ordered
with

deal_identifier as (

    select deal_id, 'email' as kind, item from stg_bitrix24__deals__emails
    union all
    select deal_id, 'phone' as kind, item from stg_bitrix24__deals__phones
    union all
    select deal_id, 'ym_client' as kind, ym_client as item
    from stg_bitrix24__deals
    where ym_client is not null

),

untold_deal as (

    select deal.deal_id
    from stg_bitrix24__deals as deal
    where not exists (
        select 1 as found
        from stg_bitrix24__stage_history as history
        where history.deal_id = deal.deal_id
    )

),

deal_event as (

    select 'stage_history' as stream, concat('sh:', history_id) as natural_key, deal_id
    from stg_bitrix24__stage_history
    union all
    select 'deals' as stream, concat('deal:', deal_id, ':created') as natural_key, deal_id
    from untold_deal
    union all
    select 'deals' as stream, concat('deal:', deal_id, ':now') as natural_key, deal_id
    from untold_deal

)

select
    deal_event.stream,
    deal_event.natural_key,
    deal_identifier.kind,
    deal_identifier.item as value
from deal_event
-- many to many: each event of a deal carries each identifier of the deal
inner join deal_identifier on deal_event.deal_id = deal_identifier.deal_id
union all
select
    'contacts' as stream,
    concat('contact:', contact_id) as natural_key,
    'b24_contact' as kind,
    contact_id as value
from stg_bitrix24__contacts
union all
select
    'contacts' as stream,
    concat('contact:', contact_id) as natural_key,
    'email' as kind,
    item as value
from stg_bitrix24__contacts__emails
union all
select
    'contacts' as stream,
    concat('contact:', contact_id) as natural_key,
    'phone' as kind,
    item as value
from stg_bitrix24__contacts__phones
