-- model: card_event
-- layer: events
-- grain: one row per deal, lead or contact made, and per move of a deal or lead
-- key: stream, natural_key
-- reads: int_bitrix24__card, int_bitrix24__contact, int_bitrix24__history, stg_bitrix24__deal_items__version, stg_bitrix24__deals__version, stg_bitrix24__deals_xls__version, stg_bitrix24__lead_items__version, stg_bitrix24__leads__version, stg_bitrix24__leads_xls__version, stg_bitrix24__stages
-- why: lists only know the last stage, so the history is used where there is any, differences of lists elsewhere
with

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
    inner join int_bitrix24__card as card on listed.stream = card.stream and listed.card_id = card.card_id
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
    inner join int_bitrix24__card as card on dumped.entity = card.entity and dumped.card_id = card.card_id
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
        from int_bitrix24__history as history
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

)

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
from int_bitrix24__history as history
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
from int_bitrix24__card as card
-- the history of old cards begins in the middle of their life
where not exists (
    select 1 as found
    from int_bitrix24__history as history
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
inner join int_bitrix24__card as card on move.entity = card.entity and move.card_id = card.card_id
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
from int_bitrix24__contact as contact
where contact.telling_no = 1
