-- model: events
-- layer: events
-- grain: one row per contact made, and per move of a deal
-- key: stream, natural_key
-- reads: stg_bitrix24__contacts, stg_bitrix24__deals, stg_bitrix24__stage_history, stg_bitrix24__stages
-- why: deals move stages; the list export only knows the last one, so the history is used where there is any
with

last_move as (

    select
        deal_id,
        category,
        moved_at,
        row_number() over (
            partition by deal_id
            order by moved_at desc, length(history_id) desc, history_id desc
        ) as move_no
    from stg_bitrix24__stage_history

),

pipeline_name as (

    -- categories are numbers; the pipeline in which the list shows most deals of a category is its name
    select
        category,
        pipeline
    from (
        select
            coalesce(last_move.category, '0') as category,
            deal.pipeline,
            row_number() over (
                partition by coalesce(last_move.category, '0')
                order by count(*) desc, deal.pipeline
            ) as pipeline_no
        from last_move
        -- one to one
        inner join stg_bitrix24__deals as deal on last_move.deal_id = deal.deal_id
        where last_move.move_no = 1
            and deal.pipeline is not null
            -- a deal that moved after its line was written may stand in another pipeline there;
            -- some lists show minutes only
            and (
                deal.modified_at is null
                or deal.modified_at >= date_trunc('minute', last_move.moved_at)
            )
        group by
            coalesce(last_move.category, '0'),
            deal.pipeline
    ) as named
    where pipeline_no = 1

),

final_stage as (

    select
        name_key,
        max(case when status_id like '%WON' or semantic = 'S' then 1 else 0 end) as is_won,
        max(case when status_id like '%LOSE' or semantic = 'F' then 1 else 0 end) as is_lost
    from stg_bitrix24__stages
    where entity_id like 'DEAL_STAGE%'
    group by name_key

),

untold_deal as (

    -- deals that the history does not mention
    select
        deal.deal_id,
        deal.stage,
        deal.pipeline,
        deal.amount,
        deal.currency,
        deal.customer_type,
        deal.created_at,
        coalesce(deal.modified_at, deal.created_at) as seen_at,
        -- without the dump of stage names, the names that the system ships with
        coalesce(
            final_stage.is_won,
            case when deal.stage_key = 'сделка успешна' then 1 else 0 end
        ) as is_won,
        coalesce(
            final_stage.is_lost,
            case when deal.stage_key in ('сделка провалена', 'анализ причины провала') then 1 else 0 end
        ) as is_lost,
        deal._file_id,
        deal._line
    from stg_bitrix24__deals as deal
    left join final_stage on deal.stage_key = final_stage.name_key
    where not exists (
        select 1 as found
        from stg_bitrix24__stage_history as history
        where history.deal_id = deal.deal_id
    )

)

select
    'stage_history' as stream,
    concat('sh:', history.history_id) as natural_key,
    case
        when history.semantic = 'S' then 'deal_won'
        when history.semantic = 'F' then 'deal_lost'
        when history.type_id = 1 then 'deal_created'
        else 'deal_stage_changed'
    end as event_kind,
    coalesce(stage.name, history.stage_code) as activity_raw,
    history.moved_at as occurred_at,
    'exact' as ts_quality,
    try_cast(history.history_id as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(deal.amount as double) as amount,
    deal.currency,
    coalesce(
        pipeline_name.pipeline,
        case when coalesce(history.category, '0') = '0' then 'Продажи' end,
        deal.pipeline
    ) as pipeline,
    deal.customer_type,
    history._file_id as file_id,
    history._line as line
from stg_bitrix24__stage_history as history
-- many to at most one
left join stg_bitrix24__deals as deal on history.deal_id = deal.deal_id
-- many to at most one: codes of other pipelines carry their number, such as C1:NEW
left join stg_bitrix24__stages as stage
    on history.stage_code = stage.status_id
    and stage.entity_id = case
        when coalesce(history.category, '0') = '0' then 'DEAL_STAGE'
        else concat('DEAL_STAGE_', history.category)
    end
-- many to at most one
left join pipeline_name on coalesce(history.category, '0') = pipeline_name.category
union all
select
    'deals' as stream,
    concat('deal:', untold_deal.deal_id, ':created') as natural_key,
    'deal_created' as event_kind,
    'Сделка создана' as activity_raw,
    untold_deal.created_at as occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(untold_deal.amount as double) as amount,
    untold_deal.currency,
    untold_deal.pipeline,
    untold_deal.customer_type,
    untold_deal._file_id as file_id,
    untold_deal._line as line
from untold_deal
union all
select
    'deals' as stream,
    concat('deal:', untold_deal.deal_id, ':now') as natural_key,
    case
        when untold_deal.is_won = 1 then 'deal_won'
        when untold_deal.is_lost = 1 then 'deal_lost'
        else 'deal_stage_changed'
    end as event_kind,
    untold_deal.stage as activity_raw,
    untold_deal.seen_at as occurred_at,
    'approx' as ts_quality,
    cast(1 as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(untold_deal.amount as double) as amount,
    untold_deal.currency,
    untold_deal.pipeline,
    untold_deal.customer_type,
    untold_deal._file_id as file_id,
    untold_deal._line as line
from untold_deal
union all
select
    'contacts' as stream,
    concat('contact:', contact.contact_id) as natural_key,
    'contact_created' as event_kind,
    'Контакт создан' as activity_raw,
    contact.created_at as occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    'system' as actor_type,
    'crm' as channel,
    cast(null as double) as amount,
    cast(null as varchar) as currency,
    cast(null as varchar) as pipeline,
    cast(null as varchar) as customer_type,
    contact._file_id as file_id,
    contact._line as line
from stg_bitrix24__contacts as contact
