-- model: events
-- layer: events
-- grain: one row per card made, per move of a deal or lead, per call, letter, meeting, task, form, message and mark
-- key: stream, natural_key
-- reads: stg_bitrix24__activities, stg_bitrix24__calls, stg_bitrix24__categories, stg_bitrix24__chat_messages, stg_bitrix24__chat_ratings, stg_bitrix24__chat_sessions, stg_bitrix24__chat_users, stg_bitrix24__contact_items, stg_bitrix24__contacts, stg_bitrix24__contacts_xls, stg_bitrix24__deal_items, stg_bitrix24__deal_items__version, stg_bitrix24__deals, stg_bitrix24__deals__version, stg_bitrix24__deals_xls, stg_bitrix24__deals_xls__version, stg_bitrix24__lead_history, stg_bitrix24__lead_items, stg_bitrix24__lead_items__version, stg_bitrix24__leads, stg_bitrix24__leads__version, stg_bitrix24__leads_xls, stg_bitrix24__leads_xls__version, stg_bitrix24__stage_history, stg_bitrix24__stages
-- why: cards move stages; lists only know the last one, so the history is used where there is any, differences of lists elsewhere
with

told_card as (

    -- what each kind of delivery says of a deal or lead, the better informed kind first
    select
        'deal' as entity, 1 as kind_no, 'deal_items' as stream, deal_id as card_id, title, category,
        cast(null as varchar) as pipeline, amount, amount as line_amount, cast(null as decimal(18, 2)) as line_price,
        cast(null as decimal(18, 2)) as line_quantity, currency, customer_type,
        created_at, modified_at, utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_bitrix24__deal_items
    union all
    select
        'deal' as entity, 2 as kind_no, 'deals' as stream, deal_id as card_id, title,
        cast(null as varchar) as category, pipeline, amount, line_amount, line_price, line_quantity, currency,
        customer_type, created_at, modified_at, utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_bitrix24__deals
    union all
    select
        'deal' as entity, 3 as kind_no, 'deals_xls' as stream, deal_id as card_id, title,
        cast(null as varchar) as category, pipeline, amount, line_amount, line_price, line_quantity, currency,
        customer_type, created_at, modified_at, utm_source, utm_medium, utm_campaign, _file_id, _line
    from stg_bitrix24__deals_xls
    union all
    select
        'lead' as entity, lead.kind_no, lead.stream, lead.card_id, lead.title, cast(null as varchar) as category,
        cast(null as varchar) as pipeline, cast(null as decimal(18, 2)) as amount,
        cast(null as decimal(18, 2)) as line_amount, cast(null as decimal(18, 2)) as line_price,
        cast(null as decimal(18, 2)) as line_quantity, cast(null as varchar) as currency,
        cast(null as varchar) as customer_type, lead.created_at, lead.modified_at,
        lead.utm_source, lead.utm_medium, lead.utm_campaign, lead._file_id, lead._line
    from (
        select
            1 as kind_no, 'lead_items' as stream, lead_id as card_id, title, created_at, modified_at,
            utm_source, utm_medium, utm_campaign, _file_id, _line
        from stg_bitrix24__lead_items
        union all
        select
            2 as kind_no, 'leads' as stream, lead_id as card_id, title, created_at, modified_at,
            utm_source, utm_medium, utm_campaign, _file_id, _line
        from stg_bitrix24__leads
        union all
        select
            3 as kind_no, 'leads_xls' as stream, lead_id as card_id, title, created_at, modified_at,
            utm_source, utm_medium, utm_campaign, _file_id, _line
        from stg_bitrix24__leads_xls
    ) as lead

),

ranked_card as (

    select
        entity, kind_no, stream, card_id, title, category, currency, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line,
        -- a line of a product holds price x quantity, and the lines add up; a portal that repeats the deal's total on
        -- every line gives itself away, for there the cell is not price x quantity
        case
            when kind_no = 1 then amount
            when line_price is null or line_quantity is null then line_amount
            when abs(line_price * line_quantity - line_amount) > 0.01 + 0.005 * abs(line_price) then line_amount
            else amount
        end as amount,
        -- names that only lists show
        max(pipeline) over (partition by entity, card_id) as pipeline,
        coalesce(customer_type, max(customer_type) over (partition by entity, card_id)) as customer_type,
        row_number() over (partition by entity, card_id order by kind_no) as telling_no
    from told_card

),

card as (

    select
        entity, stream, card_id, title, category, pipeline, amount, currency, customer_type, created_at,
        utm_source, utm_medium, utm_campaign, _file_id, _line,
        case
            when lower(title) in ('тест', 'test', 'тестовая сделка', 'тестовый лид') then 'test'
        end as exclude
    from ranked_card
    where telling_no = 1

),

history as (

    select
        'deal' as entity,
        'stage_history' as stream,
        concat('sh:', history_id) as natural_key,
        history_id,
        type_id,
        deal_id as card_id,
        moved_at,
        coalesce(category, '0') as category,
        stage_code,
        semantic,
        case
            when coalesce(category, '0') = '0' then 'DEAL_STAGE'
            else concat('DEAL_STAGE_', category)
        end as entity_id,
        _file_id,
        _line
    from stg_bitrix24__stage_history
    union all
    select
        'lead' as entity,
        'lead_history' as stream,
        concat('lsh:', history_id) as natural_key,
        history_id,
        type_id,
        lead_id as card_id,
        moved_at,
        cast(null as varchar) as category,
        stage_code,
        semantic,
        'STATUS' as entity_id,
        _file_id,
        _line
    from stg_bitrix24__lead_history

),

last_move as (

    select
        card_id,
        category,
        moved_at,
        row_number() over (
            partition by card_id
            order by moved_at desc, length(history_id) desc, history_id desc
        ) as move_no
    from history
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
        inner join told_card as deal
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

final_stage as (

    select
        case when entity_id = 'STATUS' then 'lead' else 'deal' end as entity,
        name_key,
        max(case when status_id like '%WON' or status_id = 'CONVERTED' or semantic = 'S' then 1 else 0 end) as is_won,
        max(
            case when status_id like '%LOSE' or status_id = 'JUNK' or semantic = 'F' then 1 else 0 end
        ) as is_lost
    from stg_bitrix24__stages
    where entity_id like 'DEAL_STAGE%' or entity_id = 'STATUS'
    group by
        case when entity_id = 'STATUS' then 'lead' else 'deal' end,
        name_key

),

listed_version as (

    select
        'deal' as entity, 'deals' as stream, deal_id as card_id, stage, stage_key, created_at, modified_at,
        _snapshot_at, _row_hash
    from stg_bitrix24__deals__version
    union all
    select
        'deal' as entity, 'deals_xls' as stream, deal_id as card_id, stage, stage_key, created_at, modified_at,
        _snapshot_at, _row_hash
    from stg_bitrix24__deals_xls__version
    union all
    select
        'lead' as entity, 'leads' as stream, lead_id as card_id, stage, stage_key, created_at, modified_at,
        _snapshot_at, _row_hash
    from stg_bitrix24__leads__version
    union all
    select
        'lead' as entity, 'leads_xls' as stream, lead_id as card_id, stage, stage_key, created_at, modified_at,
        _snapshot_at, _row_hash
    from stg_bitrix24__leads_xls__version

),

dumped_version as (

    select
        'deal' as entity,
        item.deal_id as card_id,
        item.stage_code,
        item.semantic,
        case
            when coalesce(item.category, '0') = '0' then 'DEAL_STAGE'
            else concat('DEAL_STAGE_', item.category)
        end as entity_id,
        item.created_at,
        item.modified_at,
        item.moved_at,
        item._snapshot_at,
        item._row_hash
    from stg_bitrix24__deal_items__version as item
    union all
    select
        'lead' as entity,
        item.lead_id as card_id,
        item.stage_code,
        item.semantic,
        'STATUS' as entity_id,
        item.created_at,
        item.modified_at,
        item.moved_at,
        item._snapshot_at,
        item._row_hash
    from stg_bitrix24__lead_items__version as item

),

seen_version as (

    -- each state in which a card without history was delivered, and since when it is known to be so
    select
        listed.entity,
        listed.card_id,
        listed.stage_key,
        listed.stage,
        -- without the dump of stage names, the names that the system ships with
        coalesce(
            final_stage.is_won,
            case when listed.stage_key in ('сделка успешна', 'сконвертирован', 'качественный лид') then 1 else 0 end
        ) as is_won,
        coalesce(
            final_stage.is_lost,
            case
                when listed.stage_key in ('сделка провалена', 'анализ причины провала', 'некачественный лид') then 1
                else 0
            end
        ) as is_lost,
        coalesce(listed.modified_at, listed._snapshot_at, listed.created_at) as seen_at,
        'approx' as ts_quality,
        listed._snapshot_at,
        listed._row_hash
    from listed_version as listed
    -- many to one: a card is told by the best informed kind of delivery alone
    inner join card on listed.stream = card.stream and listed.card_id = card.card_id
    -- many to at most one
    left join final_stage on listed.entity = final_stage.entity and listed.stage_key = final_stage.name_key
    union all
    select
        dumped.entity,
        dumped.card_id,
        dumped.stage_code as stage_key,
        coalesce(stage.name, dumped.stage_code) as stage,
        case
            when coalesce(dumped.semantic, stage.semantic) = 'S' then 1
            when dumped.stage_code like '%WON' or dumped.stage_code = 'CONVERTED' then 1
            else 0
        end as is_won,
        case
            when coalesce(dumped.semantic, stage.semantic) = 'F' then 1
            when dumped.stage_code like '%LOSE' or dumped.stage_code = 'JUNK' then 1
            else 0
        end as is_lost,
        coalesce(dumped.moved_at, dumped.modified_at, dumped.created_at) as seen_at,
        case when dumped.moved_at is null then 'approx' else 'exact' end as ts_quality,
        dumped._snapshot_at,
        dumped._row_hash
    from dumped_version as dumped
    -- many to one
    inner join card on dumped.entity = card.entity and dumped.card_id = card.card_id
    -- many to at most one
    left join stg_bitrix24__stages as stage
        on dumped.stage_code = stage.status_id
        and dumped.entity_id = stage.entity_id

),

seen_once as (

    select
        seen_version.entity,
        seen_version.card_id,
        seen_version.stage_key,
        seen_version.stage,
        seen_version.is_won,
        seen_version.is_lost,
        seen_version.seen_at,
        seen_version.ts_quality,
        row_number() over (
            partition by seen_version.entity, seen_version.card_id, seen_version.seen_at
            order by seen_version._snapshot_at desc nulls last, seen_version._row_hash desc
        ) as telling_no
    from seen_version
    where not exists (
        select 1 as found
        from history
        where history.entity = seen_version.entity and history.card_id = seen_version.card_id
    )

),

seen_change as (

    select
        entity,
        card_id,
        stage_key,
        stage,
        is_won,
        is_lost,
        seen_at,
        ts_quality,
        lag(stage_key) over (partition by entity, card_id order by seen_at) as stage_before
    from seen_once
    where telling_no = 1

),

seen_move as (

    select
        entity,
        card_id,
        stage,
        is_won,
        is_lost,
        seen_at,
        ts_quality,
        row_number() over (partition by entity, card_id order by seen_at desc) as from_last
    from seen_change
    where stage_before is null or stage_before <> stage_key

),

told_contact as (

    select 1 as kind_no, 'contact_items' as stream, contact_id, created_at, _file_id, _line
    from stg_bitrix24__contact_items
    union all
    select 2 as kind_no, 'contacts' as stream, contact_id, created_at, _file_id, _line
    from stg_bitrix24__contacts
    union all
    select 3 as kind_no, 'contacts_xls' as stream, contact_id, created_at, _file_id, _line
    from stg_bitrix24__contacts_xls

),

contact as (

    select
        stream, contact_id, created_at, _file_id, _line,
        row_number() over (partition by contact_id order by kind_no) as telling_no
    from told_contact

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
    where (
        item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION', 'VOXIMPLANT_CALL')
        or item.type_id = 'email'
        -- what is only planned has not happened
        or (item.type_id in ('meeting', 'call', 'task') and item.is_completed)
        or (item.provider in ('CRM_TODO', 'CRM_TASKS_TASK') and item.is_completed)
    )
    -- telephony and open lines tell the same fact themselves, and more of it
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

card_event as (

    select
        history.stream, history.natural_key, history.entity, history.card_id, history.category,
        case
            when history.entity = 'lead' and history.semantic = 'S' then 'lead_converted'
            when history.entity = 'lead' and history.semantic = 'F' then 'lead_lost'
            when history.semantic = 'S' then 'deal_won'
            when history.semantic = 'F' then 'deal_lost'
            when history.type_id = 1 then concat(history.entity, '_created')
            else concat(history.entity, '_stage_changed')
        end as event_kind,
        coalesce(stage.name, history.stage_code) as activity_raw,
        history.moved_at as occurred_at,
        'exact' as ts_quality,
        try_cast(history.history_id as bigint) as order_hint,
        history._file_id, history._line
    from history
    -- many to at most one: codes of other pipelines carry their number, such as C1:NEW
    left join stg_bitrix24__stages as stage
        on history.stage_code = stage.status_id
        and history.entity_id = stage.entity_id
    union all
    select
        card.stream, concat(card.entity, ':', card.card_id, ':created') as natural_key, card.entity, card.card_id,
        card.category,
        concat(card.entity, '_created') as event_kind,
        case when card.entity = 'lead' then 'Лид создан' else 'Сделка создана' end as activity_raw,
        card.created_at as occurred_at,
        'exact' as ts_quality,
        cast(0 as bigint) as order_hint,
        card._file_id, card._line
    from card
    -- the history of old cards begins in the middle of their life
    where not exists (
        select 1 as found
        from history
        where history.entity = card.entity and history.card_id = card.card_id and history.type_id = 1
    )
    union all
    select
        card.stream,
        case
            when move.from_last = 1 then concat(card.entity, ':', card.card_id, ':now')
            else concat(card.entity, ':', card.card_id, ':seen:', cast(move.seen_at as varchar))
        end as natural_key,
        card.entity, card.card_id, card.category,
        case
            when card.entity = 'lead' and move.is_won = 1 then 'lead_converted'
            when card.entity = 'lead' and move.is_lost = 1 then 'lead_lost'
            when move.is_won = 1 then 'deal_won'
            when move.is_lost = 1 then 'deal_lost'
            else concat(card.entity, '_stage_changed')
        end as event_kind,
        move.stage as activity_raw,
        move.seen_at as occurred_at,
        move.ts_quality,
        cast(1 as bigint) as order_hint,
        card._file_id, card._line
    from seen_move as move
    -- many to one
    inner join card on move.entity = card.entity and move.card_id = card.card_id
    union all
    select
        contact.stream, concat('contact:', contact.contact_id) as natural_key, 'contact' as entity,
        contact.contact_id as card_id, cast(null as varchar) as category,
        'contact_created' as event_kind,
        'Контакт создан' as activity_raw,
        contact.created_at as occurred_at,
        'exact' as ts_quality,
        cast(0 as bigint) as order_hint,
        contact._file_id, contact._line
    from contact
    where contact.telling_no = 1

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
from card_event as told
-- many to at most one
left join card on told.entity = card.entity and told.card_id = card.card_id
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
