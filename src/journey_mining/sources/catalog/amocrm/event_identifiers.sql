-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_amocrm__contact_notes, stg_amocrm__contacts, stg_amocrm__contacts__emails, stg_amocrm__contacts__phones, stg_amocrm__deal_items, stg_amocrm__deal_items__version, stg_amocrm__deal_notes, stg_amocrm__deals_comma, stg_amocrm__deals_comma__emails, stg_amocrm__deals_comma__phones, stg_amocrm__deals_comma__version, stg_amocrm__deals_list, stg_amocrm__deals_list__emails, stg_amocrm__deals_list__phones, stg_amocrm__deals_list__version, stg_amocrm__deals_xlsx, stg_amocrm__deals_xlsx__emails, stg_amocrm__deals_xlsx__phones, stg_amocrm__deals_xlsx__version, stg_amocrm__events
-- why: contacts bind number, addresses and phones; deals bring contact and browser, calls the number
with

told_card as (

    select deal_id, 1 as kind_no, 'deal_items' as stream from stg_amocrm__deal_items
    union all
    select deal_id, 2 as kind_no, 'deals_list' as stream from stg_amocrm__deals_list
    union all
    select deal_id, 3 as kind_no, 'deals_xlsx' as stream from stg_amocrm__deals_xlsx
    union all
    select deal_id, 4 as kind_no, 'deals_comma' as stream from stg_amocrm__deals_comma

),

card as (

    -- the same choice of deliveries as in events.sql
    select
        deal_id, stream,
        row_number() over (partition by deal_id order by kind_no) as telling_no
    from told_card

),

seen_version as (

    select
        'deal_items' as stream, deal_id, concat(pipeline_id, ':', status_id) as stage_key,
        coalesce(modified_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_amocrm__deal_items__version
    union all
    select
        'deals_list' as stream, deal_id, stage_key,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_amocrm__deals_list__version
    union all
    select
        'deals_xlsx' as stream, deal_id, stage_key,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_amocrm__deals_xlsx__version
    union all
    select
        'deals_comma' as stream, deal_id, stage_key,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at, _snapshot_at, _row_hash
    from stg_amocrm__deals_comma__version

),

seen_once as (

    select
        card.stream, card.deal_id, seen.stage_key, seen.seen_at,
        row_number() over (
            partition by card.deal_id, seen.seen_at
            order by seen._snapshot_at desc nulls last, seen._row_hash desc
        ) as telling_no
    from card
    -- one to many: each state in which it was delivered
    inner join seen_version as seen on card.stream = seen.stream and card.deal_id = seen.deal_id
    where card.telling_no = 1
        and not exists (
            select 1 as found
            from stg_amocrm__events as event
            where event.type = 'lead_status_changed' and event.entity_id = card.deal_id
        )

),

seen_change as (

    select
        stream, deal_id, stage_key, seen_at,
        lag(stage_key) over (partition by deal_id order by seen_at) as stage_before
    from seen_once
    where telling_no = 1

),

seen_move as (

    select
        stream, deal_id, seen_at
    from seen_change
    where stage_before is null or stage_before <> stage_key

),

gone as (

    select version.deal_id
    from stg_amocrm__deal_items__version as version
    where version.is_deleted
        and not exists (
            select 1 as found
            from card
            where card.deal_id = version.deal_id
        )

),

note as (

    select 'deal_notes' as stream, 'deal' as owner_type, note_id, entity_id, type, phone,
        case when is_incoming then from_email else to_email end as email
    from stg_amocrm__deal_notes
    union all
    select 'contact_notes' as stream, 'contact' as owner_type, note_id, entity_id, type, phone,
        case when is_incoming then from_email else to_email end as email
    from stg_amocrm__contact_notes

),

event_owner as (

    select stream, concat('deal:', deal_id, ':created') as natural_key, 'deal' as owner_type, deal_id as owner_id
    from card
    where telling_no = 1
    union all
    select
        stream,
        concat('deal:', deal_id, ':seen:', cast(seen_at as varchar)) as natural_key,
        'deal' as owner_type,
        deal_id as owner_id
    from seen_move
    union all
    select
        'events' as stream, concat('event:', event.event_id) as natural_key,
        case when event.entity_type = 'lead' then 'deal' else event.entity_type end as owner_type,
        event.entity_id as owner_id
    from stg_amocrm__events as event
    where event.entity_type in ('lead', 'contact', 'company')
        and event.entity_id is not null
        and (
            (
                event.type = 'lead_status_changed'
                and event.status_id is not null
                and not exists (
                    select 1 as found
                    from gone
                    where gone.deal_id = event.entity_id
                )
            )
            or event.type in (
                'incoming_call', 'outgoing_call', 'incoming_sms', 'outgoing_sms',
                'incoming_chat_message', 'outgoing_chat_message', 'task_completed'
            )
            or (event.type = 'nps_rate_added' and event.rate is not null)
        )
        and not exists (
            select 1 as found
            from note
            where note.note_id = event.note_id
        )
    union all
    select stream, concat('note:', note_id) as natural_key, owner_type, entity_id as owner_id
    from note
    where type in ('call_in', 'call_out', 'sms_in', 'sms_out', 'amomail_message')

),

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
    from event_owner
    -- many to many: each event of a deal carries each identifier of the deal
    inner join deal_identifier
        on event_owner.owner_type = 'deal'
        and event_owner.owner_id = deal_identifier.deal_id
    union all
    select stream, natural_key, concat('amo_', owner_type) as kind, owner_id as value
    from event_owner
    where owner_type in ('contact', 'company')
    union all
    select stream, concat('note:', note_id) as natural_key, 'phone' as kind, phone as value
    from note
    where type in ('call_in', 'call_out', 'sms_in', 'sms_out', 'amomail_message')
    union all
    select stream, concat('note:', note_id) as natural_key, 'email' as kind, email as value
    from note
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
