-- model: events
-- layer: events
-- grain: one row per card made, per move of a deal or lead, per call, letter, meeting, task, form, message and mark
-- key: stream, natural_key
-- reads: int_bitrix24__activity_event, int_bitrix24__card, int_bitrix24__card_event, int_bitrix24__history, int_bitrix24__told_card, stg_bitrix24__activities, stg_bitrix24__calls, stg_bitrix24__categories, stg_bitrix24__chat_messages, stg_bitrix24__chat_ratings, stg_bitrix24__chat_sessions, stg_bitrix24__chat_users
-- why: cards move stages; lists only know the last one, so the history is used where there is any, differences of lists elsewhere
with

last_move as (

    select
        card_id,
        category,
        moved_at,
        row_number() over (
            partition by card_id
            order by moved_at desc, length(history_id) desc, history_id desc
        ) as move_no
    from int_bitrix24__history
    where entity = 'deal'

),

listed_pipeline as (

    -- categories are numbers; the pipeline in which the list shows most deals of a category is its name
    select
        category,
        pipeline
    from (
        select
            last_move.category,
            deal.pipeline,
            row_number() over (
                partition by last_move.category
                order by count(*) desc, deal.pipeline
            ) as pipeline_no
        from last_move
        -- one to one
        inner join int_bitrix24__told_card as deal
            on last_move.card_id = deal.card_id
            and deal.entity = 'deal'
            and deal.pipeline is not null
        where last_move.move_no = 1
            -- a deal that moved after its line was written may stand in another pipeline there;
            -- some lists show minutes only
            and (
                deal.modified_at is null
                or deal.modified_at >= date_trunc('minute', last_move.moved_at)
            )
        group by
            last_move.category,
            deal.pipeline
    ) as named
    where pipeline_no = 1

),

pipeline_name as (

    -- the portal's own word on its pipelines, where it was asked, comes first
    select category, name as pipeline
    from stg_bitrix24__categories
    union all
    select listed_pipeline.category, listed_pipeline.pipeline
    from listed_pipeline
    where not exists (
        select 1 as found
        from stg_bitrix24__categories as told
        where told.category = listed_pipeline.category
    )

),

call as (

    select
        call_id,
        started_at,
        vote,
        case when call_type in ('in', 'in_forwarded', 'callback') then 'in' else 'out' end as direction,
        case
            when call_type in ('in', 'in_forwarded', 'callback') then 'customer'
            when call_type = 'info' then 'bot'
            else 'agent'
        end as actor_type,
        case
            when call_type = 'callback' then 'Обратный звонок'
            when call_type = 'info' then 'Информационный звонок'
            when call_type in ('in', 'in_forwarded') and coalesce(result_code, '200') <> '200' then 'Пропущенный звонок'
            when call_type in ('in', 'in_forwarded') then 'Входящий звонок'
            when coalesce(result_code, '200') <> '200' then 'Недозвон'
            else 'Исходящий звонок'
        end as activity,
        -- a number of up to five digits is one of the company's own
        case when length(number_text) <= 5 then 'internal' end as exclude,
        concat(
            '{"duration_s": ', cast(coalesce(duration_s, 0) as varchar), ', "result": "', coalesce(result_code, ''), '"}'
        ) as attributes,
        _file_id,
        _line
    from stg_bitrix24__calls

),

activity as (

    select
        item.activity_id,
        case
            when item.provider = 'CRM_WEBFORM' then 'form_submitted'
            when item.provider = 'IMOPENLINES_SESSION' then 'chat_message'
            when item.type_id = 'meeting' then 'meeting'
            when item.type_id = 'call' then 'call'
            when item.type_id = 'email' and coalesce(item.direction, 'in') = 'in' then 'email_in'
            when item.type_id = 'email' then 'email_out'
            else 'task_done'
        end as event_kind,
        case
            when item.provider = 'CRM_WEBFORM' then 'CRM-форма'
            when item.provider = 'IMOPENLINES_SESSION' then 'Открытая линия'
            when item.type_id = 'meeting' then 'Встреча'
            when item.type_id = 'call' and item.direction = 'in' then 'Входящий звонок'
            when item.type_id = 'call' then 'Исходящий звонок'
            when item.type_id = 'email' and coalesce(item.direction, 'in') = 'in' then 'Входящее письмо'
            when item.type_id = 'email' then 'Исходящее письмо'
            else 'Задача выполнена'
        end as activity,
        case
            when item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION') then item.created_at
            when item.type_id = 'meeting' or item.type_id = 'call' then coalesce(item.started_at, item.created_at)
            when item.type_id = 'email' then coalesce(item.started_at, item.created_at)
            else coalesce(item.modified_at, item.created_at)
        end as occurred_at,
        -- the end of a task is its deadline; when it was done is the last change at the latest
        case
            when item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION') then 'exact'
            when item.type_id in ('meeting', 'call', 'email') then 'exact'
            else 'approx'
        end as ts_quality,
        case
            when item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION') then 'customer'
            when item.type_id in ('call', 'email') and coalesce(item.direction, 'in') = 'in' then 'customer'
            else 'agent'
        end as actor_type,
        case
            when item.provider = 'CRM_WEBFORM' then 'web'
            when item.provider = 'IMOPENLINES_SESSION' then 'chat'
            when item.type_id = 'call' then 'phone'
            when item.type_id = 'email' then 'email'
            else 'crm'
        end as channel,
        case
            when item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION') then 'in'
            when item.type_id in ('call', 'email') then coalesce(item.direction, 'in')
        end as direction,
        item._file_id,
        item._line
    from stg_bitrix24__activities as item
    -- at most one to one
    inner join int_bitrix24__activity_event as told on item.activity_id = told.activity_id

),

connector as (

    select
        session_id,
        split_part(line_user, '|', 1) as connector,
        split_part(line_user, '|', 4) as writer_id
    from stg_bitrix24__chat_sessions

),

message as (

    select
        item.message_id,
        item.sent_at,
        coalesce(connector.connector, 'livechat') as connector,
        case
            when sender.is_bot then 'bot'
            when sender.is_connector or sender.is_extranet or item.sender_id = connector.writer_id then 'customer'
            else 'agent'
        end as actor_type,
        item._file_id,
        item._line
    from stg_bitrix24__chat_messages as item
    -- many to at most one
    left join stg_bitrix24__chat_users as sender on item.sender_id = sender.user_id
    -- many to at most one
    left join connector on item.session_id = connector.session_id
    -- what the portal writes to itself ("a lead was made") is nobody's message
    where coalesce(item.sender_id, '0') <> '0'

),

talk as (

    select
        'activities' as stream, concat('activity:', activity_id) as natural_key, event_kind,
        activity as activity_raw, occurred_at, ts_quality, cast(0 as bigint) as order_hint, actor_type, channel,
        direction, cast(null as varchar) as score_raw, cast(null as double) as score_norm,
        cast(null as varchar) as exclude, cast(null as varchar) as attributes, _file_id, _line
    from activity
    union all
    select
        'calls' as stream, concat('call:', call_id) as natural_key, 'call' as event_kind,
        activity as activity_raw, started_at as occurred_at, 'exact' as ts_quality,
        cast(0 as bigint) as order_hint, actor_type, 'phone' as channel,
        direction, cast(null as varchar) as score_raw, cast(null as double) as score_norm, exclude, attributes,
        _file_id, _line
    from call
    union all
    select
        'calls' as stream, concat('call:', call_id, ':vote') as natural_key, 'call_rating' as event_kind,
        'Оценка звонка' as activity_raw, started_at as occurred_at, 'approx' as ts_quality,
        cast(1 as bigint) as order_hint, 'customer' as actor_type, 'phone' as channel,
        'in' as direction, concat(cast(vote as varchar), '/5') as score_raw, (vote - 1) / 4.0 as score_norm, exclude,
        cast(null as varchar) as attributes, _file_id, _line
    from call
    -- 0 is no vote
    where vote >= 1
    union all
    select
        'chat_messages' as stream, concat('message:', message_id) as natural_key, 'chat_message' as event_kind,
        concat('Открытая линия: ', connector) as activity_raw, sent_at as occurred_at, 'exact' as ts_quality,
        try_cast(message_id as bigint) as order_hint, actor_type,
        case
            when connector like 'livechat%' or connector = 'network' then 'chat'
            when connector like 'vk%' or connector like 'ok%' or connector like 'f%b%' or connector like '%instagram%'
                then 'social'
            when connector like '%mail%' then 'email'
            else 'messenger'
        end as channel,
        case when actor_type = 'customer' then 'in' else 'out' end as direction,
        cast(null as varchar) as score_raw, cast(null as double) as score_norm, cast(null as varchar) as exclude,
        cast(null as varchar) as attributes, _file_id, _line
    from message
    union all
    select
        'chat_ratings' as stream, concat('session:', session_id, ':vote') as natural_key, 'csat' as event_kind,
        'Оценка открытой линии' as activity_raw, coalesce(rated_at, closed_at) as occurred_at,
        case when rated_at is null then 'approx' else 'exact' end as ts_quality,
        cast(0 as bigint) as order_hint, 'customer' as actor_type, 'chat' as channel,
        'in' as direction, vote as score_raw, case when vote = 'like' then 1.0 else 0.0 end as score_norm,
        cast(null as varchar) as exclude, cast(null as varchar) as attributes, _file_id, _line
    from stg_bitrix24__chat_ratings
    where vote in ('like', 'dislike') and coalesce(rated_at, closed_at) is not null

)

select
    told.stream, told.natural_key, told.event_kind, told.activity_raw, told.occurred_at, told.ts_quality,
    told.order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(null as varchar) as direction,
    cast(card.amount as double) as amount,
    card.currency,
    case
        when told.entity = 'deal' then coalesce(
            pipeline_name.pipeline, case when told.category = '0' then 'Продажи' end, card.pipeline
        )
    end as pipeline,
    card.customer_type,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    case when told.event_kind like '%_created' then card.utm_source end as utm_source,
    case when told.event_kind like '%_created' then card.utm_medium end as utm_medium,
    case when told.event_kind like '%_created' then card.utm_campaign end as utm_campaign,
    card.exclude,
    case when card.exclude is not null then 'title of a test' end as exclude_reason,
    cast(null as varchar) as attributes,
    told._file_id as file_id,
    told._line as line
from int_bitrix24__card_event as told
-- many to at most one
left join int_bitrix24__card as card on told.entity = card.entity and told.card_id = card.card_id
-- many to at most one
left join pipeline_name on told.category = pipeline_name.category
union all
select
    stream, natural_key, event_kind, activity_raw, occurred_at, ts_quality,
    order_hint,
    actor_type,
    channel,
    direction,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    score_raw,
    score_norm,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    exclude,
    case when exclude is not null then 'extension number' end as exclude_reason,
    attributes,
    _file_id as file_id,
    _line as line
from talk
