-- model: events
-- layer: events
-- grain: one row per deal and contact made, per move of a deal, per call, letter, message, task and mark
-- key: stream, natural_key
-- reads: int_amocrm__card, int_amocrm__note, int_amocrm__pipeline_name, int_amocrm__seen_move, stg_amocrm__contacts, stg_amocrm__deal_items__version, stg_amocrm__events, stg_amocrm__stages
-- why: events of the API date every move; without them, the end is dated by the deal and other moves by the lists
with

deal_event as (

    select
        'events' as stream, concat('event:', event.event_id) as natural_key, event.entity_id as deal_id,
        case
            when event.status_id = '142' then 'deal_won'
            when event.status_id = '143' then 'deal_lost'
            else 'deal_stage_changed'
        end as event_kind,
        coalesce(stage.name, concat('Этап ', event.status_id)) as activity_raw,
        event.happened_at as occurred_at,
        'exact' as ts_quality,
        cast(1 as bigint) as order_hint,
        event.pipeline_id, event._file_id, event._line
    from stg_amocrm__events as event
    -- many to at most one: the same number means another stage in another pipeline
    left join stg_amocrm__stages as stage
        on event.pipeline_id = stage.pipeline_id
        and event.status_id = stage.status_id
    where event.type = 'lead_status_changed' and event.entity_id is not null and event.status_id is not null
    union all
    select
        stream, concat('deal:', deal_id, ':created') as natural_key, deal_id, 'deal_created' as event_kind,
        'Сделка создана' as activity_raw, created_at as occurred_at, 'exact' as ts_quality,
        cast(0 as bigint) as order_hint, cast(null as varchar) as pipeline_id, _file_id, _line
    from int_amocrm__card
    union all
    select
        card.stream,
        concat('deal:', card.deal_id, ':seen:', cast(move.seen_at as varchar)) as natural_key,
        card.deal_id,
        case
            when move.final_id = '142' then 'deal_won'
            when move.final_id = '143' then 'deal_lost'
            else 'deal_stage_changed'
        end as event_kind,
        move.stage as activity_raw,
        -- the end is dated by the system, other moves are not
        case when move.final_id in ('142', '143') then coalesce(move.closed_at, move.seen_at) else move.seen_at end
            as occurred_at,
        case when move.final_id in ('142', '143') and move.closed_at is not null then 'exact' else 'approx' end
            as ts_quality,
        cast(1 as bigint) as order_hint,
        cast(null as varchar) as pipeline_id, card._file_id, card._line
    from int_amocrm__seen_move as move
    -- many to one
    inner join int_amocrm__card as card on move.deal_id = card.deal_id

),

talk as (

    select
        stream, concat('note:', note_id) as natural_key,
        case
            when type like 'call%' then 'call'
            when type like 'sms%' then 'chat_message'
            when coalesce(is_incoming, false) then 'email_in'
            else 'email_out'
        end as event_kind,
        case
            when type = 'call_in' and call_status = '6' then 'Пропущенный звонок'
            when type = 'call_in' then 'Входящий звонок'
            when type = 'call_out' and call_status in ('3', '6', '7') then 'Недозвон'
            when type = 'call_out' then 'Исходящий звонок'
            when type = 'sms_in' then 'Входящее SMS'
            when type = 'sms_out' then 'Исходящее SMS'
            when coalesce(is_incoming, false) then 'Входящее письмо'
            else 'Исходящее письмо'
        end as activity_raw,
        created_at as occurred_at,
        case when type like '%in' or coalesce(is_incoming, false) then 'customer' else 'agent' end as actor_type,
        case when type = 'amomail_message' then 'email' else 'phone' end as channel,
        case when type like '%in' or coalesce(is_incoming, false) then 'in' else 'out' end as direction,
        cast(null as varchar) as score_raw, cast(null as double) as score_norm,
        case
            when type like 'call%' then concat('{"duration_s": ', cast(coalesce(duration_s, 0) as varchar), '}')
        end as attributes, _file_id, _line
    from int_amocrm__note
    where type in ('call_in', 'call_out', 'sms_in', 'sms_out', 'amomail_message')
    union all
    select
        'events' as stream, concat('event:', event.event_id) as natural_key,
        case
            when event.type in ('incoming_call', 'outgoing_call') then 'call'
            when event.type = 'task_completed' then 'task_done'
            when event.type = 'nps_rate_added' then 'nps'
            else 'chat_message'
        end as event_kind,
        case event.type
            when 'incoming_call' then 'Входящий звонок'
            when 'outgoing_call' then 'Исходящий звонок'
            when 'incoming_sms' then 'Входящее SMS'
            when 'outgoing_sms' then 'Исходящее SMS'
            when 'task_completed' then 'Задача выполнена'
            when 'nps_rate_added' then 'Оценка NPS'
            when 'incoming_chat_message' then 'Входящее сообщение'
            else 'Исходящее сообщение'
        end as activity_raw,
        event.happened_at as occurred_at,
        case
            when event.type like 'incoming%' or event.type = 'nps_rate_added' then 'customer'
            when event.author_id = '0' then 'bot'
            else 'agent'
        end as actor_type,
        case
            when event.type like '%_chat_message' then 'messenger'
            when event.type = 'task_completed' then 'crm'
            when event.type = 'nps_rate_added' then 'survey'
            else 'phone'
        end as channel,
        case
            when event.type like 'incoming%' or event.type = 'nps_rate_added' then 'in'
            when event.type like 'outgoing%' then 'out'
        end as direction,
        case when event.type = 'nps_rate_added' then concat(cast(event.rate as varchar), '/10') end as score_raw,
        case when event.type = 'nps_rate_added' then event.rate / 10.0 end as score_norm,
        cast(null as varchar) as attributes, event._file_id, event._line
    from stg_amocrm__events as event
    where (
        event.type in (
            'incoming_call', 'outgoing_call', 'incoming_sms', 'outgoing_sms',
            'incoming_chat_message', 'outgoing_chat_message', 'task_completed'
        )
        or (event.type = 'nps_rate_added' and event.rate is not null)
    )
    -- the note tells the same call, and more of it
    and not exists (
        select 1 as found
        from int_amocrm__note as note
        where note.note_id = event.note_id
    )

)

select
    told.stream, told.natural_key, told.event_kind, told.activity_raw, told.occurred_at, told.ts_quality,
    told.order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(null as varchar) as direction,
    cast(card.amount as double) as amount,
    coalesce(moved.pipeline, card.pipeline) as pipeline,
    card.customer_type,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    case when told.event_kind = 'deal_created' then card.utm_source end as utm_source,
    case when told.event_kind = 'deal_created' then card.utm_medium end as utm_medium,
    case when told.event_kind = 'deal_created' then card.utm_campaign end as utm_campaign,
    card.exclude,
    case when card.exclude is not null then 'title of a test' end as exclude_reason,
    cast(null as varchar) as attributes,
    told._file_id as file_id,
    told._line as line
from deal_event as told
-- many to at most one
left join int_amocrm__card as card on told.deal_id = card.deal_id
-- many to at most one: a deal may have moved between pipelines
left join int_amocrm__pipeline_name as moved on told.pipeline_id = moved.pipeline_id
-- deleted deals are in the events still
where not exists (
    select 1 as found
    from stg_amocrm__deal_items__version as gone
    where gone.deal_id = told.deal_id and gone.is_deleted and card.deal_id is null
)
union all
select
    stream, natural_key, event_kind, activity_raw, occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    actor_type,
    channel,
    direction,
    cast(null as double) as amount,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    score_raw,
    score_norm,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    cast(null as varchar) as exclude,
    cast(null as varchar) as exclude_reason,
    attributes,
    _file_id as file_id,
    _line as line
from talk
union all
select
    'contacts' as stream, concat('contact:', contact_id) as natural_key, 'contact_created' as event_kind,
    'Контакт создан' as activity_raw, created_at as occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(null as varchar) as direction,
    cast(null as double) as amount,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    cast(null as varchar) as exclude,
    cast(null as varchar) as exclude_reason,
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from stg_amocrm__contacts
