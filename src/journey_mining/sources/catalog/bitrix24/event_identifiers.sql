-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_bitrix24__activities, stg_bitrix24__calls, stg_bitrix24__chat_messages, stg_bitrix24__chat_ratings, stg_bitrix24__chat_sessions, stg_bitrix24__companies, stg_bitrix24__companies__emails, stg_bitrix24__companies__phones, stg_bitrix24__company_items, stg_bitrix24__company_items__emails, stg_bitrix24__company_items__phones, stg_bitrix24__contact_items, stg_bitrix24__contact_items__chats, stg_bitrix24__contact_items__emails, stg_bitrix24__contact_items__phones, stg_bitrix24__contacts, stg_bitrix24__contacts__emails, stg_bitrix24__contacts__phones, stg_bitrix24__contacts_xls, stg_bitrix24__contacts_xls__emails, stg_bitrix24__contacts_xls__phones, stg_bitrix24__deal_items, stg_bitrix24__deal_items__version, stg_bitrix24__deals, stg_bitrix24__deals__emails, stg_bitrix24__deals__office_emails, stg_bitrix24__deals__office_phones, stg_bitrix24__deals__phones, stg_bitrix24__deals__version, stg_bitrix24__deals_xls, stg_bitrix24__deals_xls__emails, stg_bitrix24__deals_xls__office_emails, stg_bitrix24__deals_xls__office_phones, stg_bitrix24__deals_xls__phones, stg_bitrix24__deals_xls__version, stg_bitrix24__lead_history, stg_bitrix24__lead_items, stg_bitrix24__lead_items__chats, stg_bitrix24__lead_items__emails, stg_bitrix24__lead_items__phones, stg_bitrix24__lead_items__version, stg_bitrix24__leads, stg_bitrix24__leads__emails, stg_bitrix24__leads__phones, stg_bitrix24__leads__version, stg_bitrix24__leads_xls, stg_bitrix24__leads_xls__emails, stg_bitrix24__leads_xls__phones, stg_bitrix24__leads_xls__version, stg_bitrix24__stage_history
-- why: cards bind number, addresses and phones; deals bring the browser that ordered, calls the number, chats the writer
with

listed_card as (

    select 'deal' as entity, deal_id as card_id, 1 as kind_no, 'deal_items' as stream from stg_bitrix24__deal_items
    union all
    select 'deal' as entity, deal_id as card_id, 2 as kind_no, 'deals' as stream from stg_bitrix24__deals
    union all
    select 'deal' as entity, deal_id as card_id, 3 as kind_no, 'deals_xls' as stream from stg_bitrix24__deals_xls
    union all
    select 'lead' as entity, lead_id as card_id, 1 as kind_no, 'lead_items' as stream from stg_bitrix24__lead_items
    union all
    select 'lead' as entity, lead_id as card_id, 2 as kind_no, 'leads' as stream from stg_bitrix24__leads
    union all
    select 'lead' as entity, lead_id as card_id, 3 as kind_no, 'leads_xls' as stream from stg_bitrix24__leads_xls

),

ranked_card as (

    -- the same choice of deliveries as in events.sql
    select
        entity, card_id, stream,
        row_number() over (partition by entity, card_id order by kind_no) as telling_no
    from listed_card

),

told_card as (

    select 'deal' as entity, deal_id as card_id, type_id from stg_bitrix24__stage_history
    union all
    select 'lead' as entity, lead_id as card_id, type_id from stg_bitrix24__lead_history

),

untold_card as (

    select card.entity, card.card_id, card.stream
    from ranked_card as card
    where card.telling_no = 1
        and not exists (
            select 1 as found
            from told_card
            where told_card.entity = card.entity and told_card.card_id = card.card_id
        )

),

unmade_card as (

    -- the history of old cards begins in the middle of their life
    select card.entity, card.card_id, card.stream
    from ranked_card as card
    where card.telling_no = 1
        and not exists (
            select 1 as found
            from told_card
            where told_card.entity = card.entity and told_card.card_id = card.card_id and told_card.type_id = 1
        )

),

seen_version as (

    select
        'deal_items' as stream, deal_id as card_id, stage_code as stage_key, coalesce(moved_at, modified_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_bitrix24__deal_items__version
    union all
    select
        'deals' as stream, deal_id as card_id, stage_key as stage_key, coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_bitrix24__deals__version
    union all
    select
        'deals_xls' as stream, deal_id as card_id, stage_key as stage_key, coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_bitrix24__deals_xls__version
    union all
    select
        'lead_items' as stream, lead_id as card_id, stage_code as stage_key, coalesce(moved_at, modified_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_bitrix24__lead_items__version
    union all
    select
        'leads' as stream, lead_id as card_id, stage_key as stage_key, coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_bitrix24__leads__version
    union all
    select
        'leads_xls' as stream, lead_id as card_id, stage_key as stage_key, coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_bitrix24__leads_xls__version

),

seen_once as (

    select
        card.entity, card.stream, card.card_id, seen.stage_key, seen.seen_at,
        row_number() over (
            partition by card.entity, card.card_id, seen.seen_at
            order by seen._snapshot_at desc nulls last, seen._row_hash desc
        ) as telling_no
    from untold_card as card
    -- one to many: each state in which it was delivered
    inner join seen_version as seen on card.stream = seen.stream and card.card_id = seen.card_id

),

seen_change as (

    select
        entity, stream, card_id, stage_key, seen_at,
        lag(stage_key) over (partition by entity, card_id order by seen_at) as stage_before
    from seen_once
    where telling_no = 1

),

seen_move as (

    select
        entity, stream, card_id, seen_at,
        row_number() over (partition by entity, card_id order by seen_at desc) as from_last
    from seen_change
    where stage_before is null or stage_before <> stage_key

),

chat_card as (

    select
        session_id,
        split_part(line_user, '|', 4) as writer_id,
        nullif(regexp_extract(crm_cards, 'LEAD[|]([0-9]+)', 1), '') as lead_id,
        nullif(regexp_extract(crm_cards, 'CONTACT[|]([0-9]+)', 1), '') as contact_id,
        nullif(regexp_extract(crm_cards, 'COMPANY[|]([0-9]+)', 1), '') as company_id,
        nullif(regexp_extract(crm_cards, 'DEAL[|]([0-9]+)', 1), '') as deal_id
    from stg_bitrix24__chat_sessions

),

session_owner as (

    -- 0 is no card
    select session_id, 'lead' as owner_type, lead_id as owner_id from chat_card where lead_id <> '0'
    union all
    select session_id, 'contact' as owner_type, contact_id as owner_id from chat_card where contact_id <> '0'
    union all
    select session_id, 'company' as owner_type, company_id as owner_id from chat_card where company_id <> '0'
    union all
    select session_id, 'deal' as owner_type, deal_id as owner_id from chat_card where deal_id <> '0'

),

session_event as (

    select 'chat_messages' as stream, concat('message:', message_id) as natural_key, session_id
    from stg_bitrix24__chat_messages
    where coalesce(sender_id, '0') <> '0'
    union all
    select 'chat_ratings' as stream, concat('session:', session_id, ':vote') as natural_key, session_id
    from stg_bitrix24__chat_ratings
    where vote in ('like', 'dislike') and coalesce(rated_at, closed_at) is not null

),

call_event as (

    select concat('call:', call_id) as natural_key, call_id
    from stg_bitrix24__calls
    union all
    select concat('call:', call_id, ':vote') as natural_key, call_id
    from stg_bitrix24__calls
    where vote >= 1

),

activity_event as (

    select activity_id, concat('activity:', activity_id) as natural_key, owner_type, owner_id, phone, email
    from stg_bitrix24__activities as item
    where (
        item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION', 'VOXIMPLANT_CALL')
        or item.type_id = 'email'
        or (item.type_id in ('meeting', 'call', 'task') and item.is_completed)
        or (item.provider in ('CRM_TODO', 'CRM_TASKS_TASK') and item.is_completed)
    )
    and not exists (
        select 1 as found
        from stg_bitrix24__calls as told
        where told.activity_id = item.activity_id
    )
    and not exists (
        select 1 as found
        from stg_bitrix24__chat_messages as told
        where item.provider = 'IMOPENLINES_SESSION' and told.session_id = item.associated_id
    )

),

event_owner as (

    select 'stage_history' as stream, concat('sh:', history_id) as natural_key, 'deal' as owner_type, deal_id as owner_id
    from stg_bitrix24__stage_history
    union all
    select 'lead_history' as stream, concat('lsh:', history_id) as natural_key, 'lead' as owner_type, lead_id as owner_id
    from stg_bitrix24__lead_history
    union all
    select
        stream, concat(entity, ':', card_id, ':created') as natural_key, entity as owner_type, card_id as owner_id
    from unmade_card
    union all
    select
        stream,
        case
            when from_last = 1 then concat(entity, ':', card_id, ':now')
            else concat(entity, ':', card_id, ':seen:', cast(seen_at as varchar))
        end as natural_key,
        entity as owner_type,
        card_id as owner_id
    from seen_move
    union all
    select 'activities' as stream, natural_key, owner_type, owner_id
    from activity_event
    where owner_type in ('lead', 'deal', 'contact', 'company') and owner_id is not null
    union all
    select 'calls' as stream, call_event.natural_key, call.owner_type, call.owner_id
    from call_event
    -- many to one
    inner join stg_bitrix24__calls as call on call_event.call_id = call.call_id
    where call.owner_type in ('lead', 'deal', 'contact', 'company') and call.owner_id is not null
    union all
    select session_event.stream, session_event.natural_key, session_owner.owner_type, session_owner.owner_id
    from session_event
    -- many to many: a session may hang on several cards
    inner join session_owner on session_event.session_id = session_owner.session_id

),

contact_told as (

    select contact_id, 1 as kind_no, 'contact_items' as stream from stg_bitrix24__contact_items
    union all
    select contact_id, 2 as kind_no, 'contacts' as stream from stg_bitrix24__contacts
    union all
    select contact_id, 3 as kind_no, 'contacts_xls' as stream from stg_bitrix24__contacts_xls

),

contact as (

    select contact_id, stream, row_number() over (partition by contact_id order by kind_no) as telling_no
    from contact_told

),

contact_identifier as (

    select contact_id, 'b24_contact' as kind, contact_id as value from contact_told
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
    from event_owner
    -- many to many: each event of a card carries each identifier of the card
    inner join owner_identifier
        on event_owner.owner_type = owner_identifier.owner_type
        and event_owner.owner_id = owner_identifier.owner_id
    union all
    select stream, natural_key, 'b24_lead' as kind, owner_id as value
    from event_owner
    where owner_type = 'lead'
    union all
    select stream, natural_key, 'b24_contact' as kind, owner_id as value
    from event_owner
    where owner_type = 'contact'
    union all
    select contact.stream, concat('contact:', contact.contact_id) as natural_key, told.kind, told.value
    from contact
    -- many to many
    inner join contact_identifier as told on contact.contact_id = told.contact_id
    where contact.telling_no = 1
    union all
    select 'activities' as stream, natural_key, 'phone' as kind, phone as value from activity_event
    union all
    select 'activities' as stream, natural_key, 'email' as kind, email as value from activity_event
    union all
    select 'calls' as stream, call_event.natural_key, 'phone' as kind, call.phone as value
    from call_event
    -- many to one
    inner join stg_bitrix24__calls as call on call_event.call_id = call.call_id
    union all
    select session_event.stream, session_event.natural_key, 'b24_chat_user' as kind, chat_card.writer_id as value
    from session_event
    -- many to one
    inner join chat_card on session_event.session_id = chat_card.session_id

)

select distinct stream, natural_key, kind, value
from found_identifier
where value is not null and value not in ('', '0')
