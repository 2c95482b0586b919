-- model: event_objects
-- layer: events
-- grain: one row per event and the deal or company it belongs to
-- key: stream, natural_key, object_type, object_id
-- reads: stg_amocrm__contact_notes, stg_amocrm__deal_items, stg_amocrm__deal_items__version, stg_amocrm__deal_notes, stg_amocrm__deals_comma, stg_amocrm__deals_comma__version, stg_amocrm__deals_list, stg_amocrm__deals_list__version, stg_amocrm__deals_xlsx, stg_amocrm__deals_xlsx__version, stg_amocrm__events
-- why: journeys that follow deals are cut by them; companies gather the deals of one account
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

    select 'deal_notes' as stream, 'deal' as owner_type, note_id, entity_id, type
    from stg_amocrm__deal_notes
    union all
    select 'contact_notes' as stream, 'contact' as owner_type, note_id, entity_id, type
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

)

select stream, natural_key, owner_type as object_type, owner_id as object_id, 'subject' as qualifier
from event_owner
where owner_type in ('deal', 'company')
union all
select
    event_owner.stream, event_owner.natural_key, 'company' as object_type, deal.company_id as object_id,
    'account' as qualifier
from event_owner
-- many to one
inner join stg_amocrm__deal_items as deal
    on event_owner.owner_type = 'deal'
    and event_owner.owner_id = deal.deal_id
where deal.company_id is not null
