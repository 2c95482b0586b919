-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: int_amocrm__event_owner, int_amocrm__note, stg_amocrm__contacts, stg_amocrm__contacts__emails, stg_amocrm__contacts__phones, stg_amocrm__deal_items, stg_amocrm__deals_comma, stg_amocrm__deals_comma__emails, stg_amocrm__deals_comma__phones, stg_amocrm__deals_list, stg_amocrm__deals_list__emails, stg_amocrm__deals_list__phones, stg_amocrm__deals_xlsx, stg_amocrm__deals_xlsx__emails, stg_amocrm__deals_xlsx__phones
-- why: contacts bind number, addresses and phones; deals bring contact and browser, calls the number
with

company_deal as (

    -- a company stands for a person only where there is nobody else
    select deal_id, company_id
    from stg_amocrm__deal_items
    where contact_id is null and company_id is not null

),

deal_identifier as (

    select deal_id, 'amo_contact' as kind, contact_id as value from stg_amocrm__deal_items
    union all
    select deal_id, 'amo_company' as kind, company_id as value from company_deal
    union all
    select deal_id, 'ym_client' as kind, ym_client as value from stg_amocrm__deal_items
    union all
    select deal_id, 'ga_client' as kind, ga_client as value from stg_amocrm__deal_items
    union all
    select deal_id, 'email' as kind, item as value from stg_amocrm__deals_list__emails
    union all
    select deal_id, 'phone' as kind, item as value from stg_amocrm__deals_list__phones
    union all
    select deal_id, 'ym_client' as kind, ym_client as value from stg_amocrm__deals_list
    union all
    select deal_id, 'ga_client' as kind, ga_client as value from stg_amocrm__deals_list
    union all
    select deal_id, 'email' as kind, item as value from stg_amocrm__deals_xlsx__emails
    union all
    select deal_id, 'phone' as kind, item as value from stg_amocrm__deals_xlsx__phones
    union all
    select deal_id, 'ym_client' as kind, ym_client as value from stg_amocrm__deals_xlsx
    union all
    select deal_id, 'ga_client' as kind, ga_client as value from stg_amocrm__deals_xlsx
    union all
    select deal_id, 'email' as kind, item as value from stg_amocrm__deals_comma__emails
    union all
    select deal_id, 'phone' as kind, item as value from stg_amocrm__deals_comma__phones
    union all
    select deal_id, 'ym_client' as kind, ym_client as value from stg_amocrm__deals_comma
    union all
    select deal_id, 'ga_client' as kind, ga_client as value from stg_amocrm__deals_comma

),

found_identifier as (

    select event_owner.stream, event_owner.natural_key, deal_identifier.kind, deal_identifier.value
    from int_amocrm__event_owner as event_owner
    -- many to many: each event of a deal carries each identifier of the deal
    inner join deal_identifier
        on event_owner.owner_type = 'deal'
        and event_owner.owner_id = deal_identifier.deal_id
    union all
    select stream, natural_key, concat('amo_', owner_type) as kind, owner_id as value
    from int_amocrm__event_owner
    where owner_type in ('contact', 'company')
    union all
    select stream, concat('note:', note_id) as natural_key, 'phone' as kind, phone as value
    from int_amocrm__note
    where type in ('call_in', 'call_out', 'sms_in', 'sms_out', 'amomail_message')
    union all
    select stream, concat('note:', note_id) as natural_key, 'email' as kind, email as value
    from int_amocrm__note
    where type = 'amomail_message'
    union all
    select 'contacts' as stream, concat('contact:', contact_id) as natural_key, 'amo_contact' as kind, contact_id as value
    from stg_amocrm__contacts
    union all
    select 'contacts' as stream, concat('contact:', contact_id) as natural_key, 'email' as kind, item as value
    from stg_amocrm__contacts__emails
    union all
    select 'contacts' as stream, concat('contact:', contact_id) as natural_key, 'phone' as kind, item as value
    from stg_amocrm__contacts__phones

)

select distinct stream, natural_key, kind, value
from found_identifier
where value is not null
