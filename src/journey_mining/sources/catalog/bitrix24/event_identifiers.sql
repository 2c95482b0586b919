-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: int_bitrix24__activity_event, int_bitrix24__call_event, int_bitrix24__chat_card, int_bitrix24__contact, int_bitrix24__event_owner, int_bitrix24__session_event, stg_bitrix24__calls, stg_bitrix24__companies, stg_bitrix24__companies__emails, stg_bitrix24__companies__phones, stg_bitrix24__company_items, stg_bitrix24__company_items__emails, stg_bitrix24__company_items__phones, stg_bitrix24__contact_items__chats, stg_bitrix24__contact_items__emails, stg_bitrix24__contact_items__phones, stg_bitrix24__contacts__emails, stg_bitrix24__contacts__phones, stg_bitrix24__contacts_xls__emails, stg_bitrix24__contacts_xls__phones, stg_bitrix24__deal_items, stg_bitrix24__deals, stg_bitrix24__deals__emails, stg_bitrix24__deals__office_emails, stg_bitrix24__deals__office_phones, stg_bitrix24__deals__phones, stg_bitrix24__deals_xls, stg_bitrix24__deals_xls__emails, stg_bitrix24__deals_xls__office_emails, stg_bitrix24__deals_xls__office_phones, stg_bitrix24__deals_xls__phones, stg_bitrix24__lead_items, stg_bitrix24__lead_items__chats, stg_bitrix24__lead_items__emails, stg_bitrix24__lead_items__phones, stg_bitrix24__leads, stg_bitrix24__leads__emails, stg_bitrix24__leads__phones, stg_bitrix24__leads_xls, stg_bitrix24__leads_xls__emails, stg_bitrix24__leads_xls__phones
-- why: cards bind number, addresses and phones; deals bring the browser that ordered, calls the number, chats the writer
with

contact_identifier as (

    select contact_id, 'b24_contact' as kind, contact_id as value from int_bitrix24__contact
    union all
    select contact_id, 'email' as kind, item as value from stg_bitrix24__contact_items__emails
    union all
    select contact_id, 'phone' as kind, item as value from stg_bitrix24__contact_items__phones
    union all
    select contact_id, 'b24_chat_user' as kind, split_part(item, '|', 5) as value
    from stg_bitrix24__contact_items__chats
    where item like 'imol|%'
    union all
    select contact_id, 'email' as kind, item as value from stg_bitrix24__contacts__emails
    union all
    select contact_id, 'phone' as kind, item as value from stg_bitrix24__contacts__phones
    union all
    select contact_id, 'email' as kind, item as value from stg_bitrix24__contacts_xls__emails
    union all
    select contact_id, 'phone' as kind, item as value from stg_bitrix24__contacts_xls__phones

),

company_identifier as (

    select company_id, 'b24_company' as kind, company_id as value from stg_bitrix24__company_items
    union all
    select company_id, 'email' as kind, item as value from stg_bitrix24__company_items__emails
    union all
    select company_id, 'phone' as kind, item as value from stg_bitrix24__company_items__phones
    union all
    select company_id, 'b24_company' as kind, company_id as value from stg_bitrix24__companies
    union all
    select company_id, 'email' as kind, item as value from stg_bitrix24__companies__emails
    union all
    select company_id, 'phone' as kind, item as value from stg_bitrix24__companies__phones

),

owner_identifier as (

    select 'deal' as owner_type, deal_id as owner_id, 'email' as kind, item as value from stg_bitrix24__deals__emails
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'phone' as kind, item as value from stg_bitrix24__deals__phones
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'ym_client' as kind, ym_client as value from stg_bitrix24__deals
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'email' as kind, item as value
    from stg_bitrix24__deals_xls__emails
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'phone' as kind, item as value
    from stg_bitrix24__deals_xls__phones
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'ym_client' as kind, ym_client as value
    from stg_bitrix24__deals_xls
    union all
    select 'deal' as owner_type, office.deal_id as owner_id, 'phone' as kind, office.item as value
    from stg_bitrix24__deals__office_phones as office
    -- many to one: a company stands for a person only where there is nobody else
    inner join stg_bitrix24__deals as deal on office.deal_id = deal.deal_id
    where deal.phones is null and deal.emails is null
    union all
    select 'deal' as owner_type, office.deal_id as owner_id, 'email' as kind, office.item as value
    from stg_bitrix24__deals__office_emails as office
    -- many to one: a company stands for a person only where there is nobody else
    inner join stg_bitrix24__deals as deal on office.deal_id = deal.deal_id
    where deal.phones is null and deal.emails is null
    union all
    select 'deal' as owner_type, office.deal_id as owner_id, 'phone' as kind, office.item as value
    from stg_bitrix24__deals_xls__office_phones as office
    -- many to one: a company stands for a person only where there is nobody else
    inner join stg_bitrix24__deals_xls as deal on office.deal_id = deal.deal_id
    where deal.phones is null and deal.emails is null
    union all
    select 'deal' as owner_type, office.deal_id as owner_id, 'email' as kind, office.item as value
    from stg_bitrix24__deals_xls__office_emails as office
    -- many to one: a company stands for a person only where there is nobody else
    inner join stg_bitrix24__deals_xls as deal on office.deal_id = deal.deal_id
    where deal.phones is null and deal.emails is null
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'ym_client' as kind, ym_client as value
    from stg_bitrix24__deal_items
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'b24_contact' as kind, contact_id as value
    from stg_bitrix24__deal_items
    union all
    select 'deal' as owner_type, deal_id as owner_id, 'b24_lead' as kind, lead_id as value
    from stg_bitrix24__deal_items
    union all
    select 'deal' as owner_type, deal.deal_id as owner_id, company.kind, company.value
    from stg_bitrix24__deal_items as deal
    -- many to many
    inner join company_identifier as company on deal.company_id = company.company_id
    -- a company stands for a person only where there is nobody else
    where deal.contact_id is null
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'email' as kind, item as value from stg_bitrix24__leads__emails
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'phone' as kind, item as value from stg_bitrix24__leads__phones
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'ym_client' as kind, ym_client as value from stg_bitrix24__leads
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'email' as kind, item as value
    from stg_bitrix24__leads_xls__emails
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'phone' as kind, item as value
    from stg_bitrix24__leads_xls__phones
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'ym_client' as kind, ym_client as value
    from stg_bitrix24__leads_xls
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'email' as kind, item as value
    from stg_bitrix24__lead_items__emails
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'phone' as kind, item as value
    from stg_bitrix24__lead_items__phones
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'b24_chat_user' as kind, split_part(item, '|', 5) as value
    from stg_bitrix24__lead_items__chats
    where item like 'imol|%'
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'ym_client' as kind, ym_client as value
    from stg_bitrix24__lead_items
    union all
    select 'lead' as owner_type, lead_id as owner_id, 'b24_contact' as kind, contact_id as value
    from stg_bitrix24__lead_items
    union all
    select 'company' as owner_type, company_id as owner_id, kind, value
    from company_identifier

),

found_identifier as (

    select event_owner.stream, event_owner.natural_key, owner_identifier.kind, owner_identifier.value
    from int_bitrix24__event_owner as event_owner
    -- many to many: each event of a card carries each identifier of the card
    inner join owner_identifier
        on event_owner.owner_type = owner_identifier.owner_type
        and event_owner.owner_id = owner_identifier.owner_id
    union all
    select stream, natural_key, 'b24_lead' as kind, owner_id as value
    from int_bitrix24__event_owner
    where owner_type = 'lead'
    union all
    select stream, natural_key, 'b24_contact' as kind, owner_id as value
    from int_bitrix24__event_owner
    where owner_type = 'contact'
    union all
    select contact.stream, concat('contact:', contact.contact_id) as natural_key, told.kind, told.value
    from int_bitrix24__contact as contact
    -- many to many
    inner join contact_identifier as told on contact.contact_id = told.contact_id
    where contact.telling_no = 1
    union all
    select 'activities' as stream, natural_key, 'phone' as kind, phone as value from int_bitrix24__activity_event
    union all
    select 'activities' as stream, natural_key, 'email' as kind, email as value from int_bitrix24__activity_event
    union all
    select 'calls' as stream, call_event.natural_key, 'phone' as kind, call.phone as value
    from int_bitrix24__call_event as call_event
    -- many to one
    inner join stg_bitrix24__calls as call on call_event.call_id = call.call_id
    union all
    select session_event.stream, session_event.natural_key, 'b24_chat_user' as kind, chat_card.writer_id as value
    from int_bitrix24__session_event as session_event
    -- many to one
    inner join int_bitrix24__chat_card as chat_card on session_event.session_id = chat_card.session_id

)

select distinct stream, natural_key, kind, value
from found_identifier
where value is not null and value not in ('', '0')
