-- model: event_objects
-- layer: events
-- grain: one row per event and the deal, lead, company or chat it belongs to
-- key: stream, natural_key, object_type, object_id
-- reads: stg_bitrix24__activities, stg_bitrix24__calls, stg_bitrix24__chat_messages, stg_bitrix24__chat_ratings, stg_bitrix24__chat_sessions, stg_bitrix24__companies, stg_bitrix24__deal_items, stg_bitrix24__deal_items__version, stg_bitrix24__deals, stg_bitrix24__deals__version, stg_bitrix24__deals_xls, stg_bitrix24__deals_xls__version, stg_bitrix24__lead_history, stg_bitrix24__lead_items, stg_bitrix24__lead_items__version, stg_bitrix24__leads, stg_bitrix24__leads__version, stg_bitrix24__leads_xls, stg_bitrix24__leads_xls__version, stg_bitrix24__stage_history
-- why: journeys that follow deals are cut by them; companies gather the deals of one account
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

    select concat('activity:', activity_id) as natural_key, owner_type, owner_id
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

named_company as (

    -- a title that two companies share names neither
    select title_key, min(company_id) as company_id
    from stg_bitrix24__companies
    where title_key is not null
    group by title_key
    having count(*) = 1

),

found_object as (

    select stream, natural_key, owner_type as object_type, owner_id as object_id, 'subject' as qualifier
    from event_owner
    where owner_type in ('deal', 'lead', 'company')
    union all
    select event_owner.stream, event_owner.natural_key, 'company' as object_type, deal.company_id as object_id,
        'account' as qualifier
    from event_owner
    -- many to one
    inner join stg_bitrix24__deal_items as deal
        on event_owner.owner_type = 'deal'
        and event_owner.owner_id = deal.deal_id
    union all
    select event_owner.stream, event_owner.natural_key, 'company' as object_type, company.company_id as object_id,
        'account' as qualifier
    from event_owner
    -- many to one: lists name the company by its title
    inner join stg_bitrix24__deals as deal
        on event_owner.owner_type = 'deal'
        and event_owner.owner_id = deal.deal_id
    inner join named_company as company on deal.company_key = company.title_key
    union all
    select stream, natural_key, 'chat' as object_type, session_id as object_id, 'subject' as qualifier
    from session_event

)

select distinct stream, natural_key, object_type, object_id, qualifier
from found_object
where object_id is not null
