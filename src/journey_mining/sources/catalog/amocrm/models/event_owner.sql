-- model: event_owner
-- layer: events
-- grain: one row per event that a deal, contact or company has
-- key: stream, natural_key
-- reads: int_amocrm__card, int_amocrm__note, int_amocrm__seen_move, stg_amocrm__deal_items__version, stg_amocrm__events
-- why: says once whose each event is: people and objects are bound to it by its owner
with

gone as (

    select version.deal_id
    from stg_amocrm__deal_items__version as version
    where version.is_deleted
        and not exists (
            select 1 as found
            from int_amocrm__card as card
            where card.deal_id = version.deal_id
        )

)

select stream, concat('deal:', deal_id, ':created') as natural_key, 'deal' as owner_type, deal_id as owner_id
from int_amocrm__card
union all
select
    card.stream,
    concat('deal:', card.deal_id, ':seen:', cast(move.seen_at as varchar)) as natural_key,
    'deal' as owner_type,
    card.deal_id as owner_id
from int_amocrm__seen_move as move
-- many to one
inner join int_amocrm__card as card on move.deal_id = card.deal_id
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
        from int_amocrm__note as note
        where note.note_id = event.note_id
    )
union all
select stream, concat('note:', note_id) as natural_key, owner_type, entity_id as owner_id
from int_amocrm__note
where type in ('call_in', 'call_out', 'sms_in', 'sms_out', 'amomail_message')
