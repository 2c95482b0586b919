-- model: deal_event
-- layer: events
-- grain: one row per deal made, and per change of a deal
-- key: stream, natural_key
-- reads: int_pipedrive__listed_deal, stg_pipedrive__deals, stg_pipedrive__deals__version, stg_pipedrive__deals_api, stg_pipedrive__deals_sheet, stg_pipedrive__deals_sheet__version, stg_pipedrive__flow, stg_pipedrive__pipelines, stg_pipedrive__stages
-- why: a deal is told by the best of what came of it: its flow, the times of the deal itself, or what lists showed
with

stage_name as (

    select
        stage.stage_id,
        stage.stage,
        coalesce(stage.pipeline, pipeline.pipeline) as pipeline
    from stg_pipedrive__stages as stage
    -- many to at most one
    left join stg_pipedrive__pipelines as pipeline on stage.pipeline_id = pipeline.pipeline_id

),

stage_change as (

    select
        entry_id,
        deal_id,
        new_value,
        new_name,
        old_value,
        old_name,
        changed_at,
        row_number() over (partition by deal_id order by changed_at, length(entry_id), entry_id) as change_no,
        _file_id,
        _line
    from stg_pipedrive__flow
    where entry = 'dealChange' and field = 'stage_id' and changed_at is not null

),

status_change as (

    select
        entry_id,
        deal_id,
        new_value,
        changed_at,
        _file_id,
        _line
    from stg_pipedrive__flow
    where entry = 'dealChange' and field = 'status' and changed_at is not null

),

listed_version as (

    -- every version of the deals that only lists know; a deal in both kinds of list is told by the CSV
    select
        'deals' as stream,
        deal_id,
        stage,
        stage_at,
        coalesce(stage_at, modified_at, _snapshot_at, created_at) as seen_at,
        _snapshot_at as drawn_at,
        _row_hash as content,
        _file_id,
        _line
    from stg_pipedrive__deals__version
    where deal_id in (select deal_id from stg_pipedrive__deals)
        and deal_id not in (select deal_id from stg_pipedrive__deals_api)
    union all
    select
        'deals_sheet' as stream,
        deal_id,
        stage,
        stage_at,
        coalesce(stage_at, modified_at, _snapshot_at, created_at) as seen_at,
        _snapshot_at as drawn_at,
        _row_hash as content,
        _file_id,
        _line
    from stg_pipedrive__deals_sheet__version
    where deal_id in (select deal_id from stg_pipedrive__deals_sheet)
        and deal_id not in (select deal_id from stg_pipedrive__deals)
        and deal_id not in (select deal_id from stg_pipedrive__deals_api)

),

shown_stage as (

    select
        stream,
        deal_id,
        stage,
        stage_at,
        seen_at,
        lag(stage) over (partition by deal_id order by seen_at, drawn_at, content) as stage_before,
        content,
        _file_id,
        _line
    from listed_version

),

told as (

    select
        'deals_api' as stream,
        concat('deal:', deal_id, ':created') as natural_key,
        deal_id,
        'deal_created' as event_kind,
        cast(null as varchar) as stage_id,
        'Deal created' as label,
        created_at as occurred_at,
        0 as order_hint,
        _file_id,
        _line
    from stg_pipedrive__deals_api
    union all
    -- the stage it began with: what the first change changed, or where it still stands
    select
        'deals_api' as stream,
        concat('deal:', deal.deal_id, ':first') as natural_key,
        deal.deal_id,
        'deal_stage_changed' as event_kind,
        coalesce(change.old_value, deal.stage_id) as stage_id,
        change.old_name as label,
        deal.created_at as occurred_at,
        1 as order_hint,
        deal._file_id,
        deal._line
    from stg_pipedrive__deals_api as deal
    -- one to at most one
    left join stage_change as change on deal.deal_id = change.deal_id and change.change_no = 1
    where deal.stage_at is null or change.deal_id is not null
    union all
    select
        'deals_api' as stream,
        concat('deal:', deal_id, ':now') as natural_key,
        deal_id,
        'deal_stage_changed' as event_kind,
        stage_id,
        cast(null as varchar) as label,
        stage_at as occurred_at,
        2 as order_hint,
        _file_id,
        _line
    from stg_pipedrive__deals_api
    where stage_at is not null and deal_id not in (select deal_id from stage_change)
    union all
    select
        'deals_api' as stream,
        concat('deal:', deal_id, ':', status) as natural_key,
        deal_id,
        concat('deal_', status) as event_kind,
        cast(null as varchar) as stage_id,
        concat('Deal ', status) as label,
        coalesce(
            case when status = 'won' then won_at else lost_at end, closed_at, modified_at, created_at
        ) as occurred_at,
        3 as order_hint,
        _file_id,
        _line
    from stg_pipedrive__deals_api
    where status in ('won', 'lost') and deal_id not in (select deal_id from status_change)
    union all
    select
        'flow' as stream,
        concat('change:', entry_id) as natural_key,
        deal_id,
        'deal_stage_changed' as event_kind,
        new_value as stage_id,
        new_name as label,
        changed_at as occurred_at,
        2 as order_hint,
        _file_id,
        _line
    from stage_change
    union all
    select
        'flow' as stream,
        concat('change:', entry_id) as natural_key,
        deal_id,
        case when new_value in ('won', 'lost') then concat('deal_', new_value) else 'deal_stage_changed' end as event_kind,
        cast(null as varchar) as stage_id,
        case when new_value in ('won', 'lost') then concat('Deal ', new_value) else 'Deal reopened' end as label,
        changed_at as occurred_at,
        3 as order_hint,
        _file_id,
        _line
    from status_change

)

select
    told.stream,
    told.natural_key,
    told.deal_id,
    told.event_kind,
    coalesce(stage_name.stage, told.label, told.stage_id, 'Stage') as activity_raw,
    told.occurred_at,
    'exact' as ts_quality,
    told.order_hint,
    deal.amount,
    deal.currency,
    coalesce(stage_name.pipeline, pipeline.pipeline) as pipeline,
    deal.customer_type,
    told._file_id,
    told._line
from told
-- many to one: changes of deleted deals are left out with their deal
inner join stg_pipedrive__deals_api as deal on told.deal_id = deal.deal_id
-- many to at most one
left join stage_name on told.stage_id = stage_name.stage_id
-- many to at most one
left join stg_pipedrive__pipelines as pipeline on deal.pipeline_id = pipeline.pipeline_id
union all
select
    stream,
    concat('deal:', deal_id, ':created') as natural_key,
    deal_id,
    'deal_created' as event_kind,
    'Deal created' as activity_raw,
    created_at as occurred_at,
    'exact' as ts_quality,
    0 as order_hint,
    amount,
    currency,
    pipeline,
    customer_type,
    _file_id,
    _line
from int_pipedrive__listed_deal
union all
select
    stream,
    concat('deal:', deal_id, ':', status) as natural_key,
    deal_id,
    concat('deal_', status) as event_kind,
    concat('Deal ', status) as activity_raw,
    coalesce(ended_at, closed_at, modified_at, created_at) as occurred_at,
    case
        when coalesce(ended_at, closed_at) is null then 'approx'
        -- some lists show the day only
        when ended_at is null and closed_at = date_trunc('day', closed_at) then 'date_only'
        else 'exact'
    end as ts_quality,
    3 as order_hint,
    amount,
    currency,
    pipeline,
    customer_type,
    _file_id,
    _line
from int_pipedrive__listed_deal
where status in ('won', 'lost')
union all
-- a stage that differs from the one in the list before
select
    shown_stage.stream,
    concat(
        'deal:', shown_stage.deal_id, ':', shown_stage.stage, ':',
        row_number() over (
            partition by shown_stage.deal_id, shown_stage.stage
            order by shown_stage.seen_at, shown_stage.content
        )
    ) as natural_key,
    shown_stage.deal_id,
    'deal_stage_changed' as event_kind,
    shown_stage.stage as activity_raw,
    shown_stage.seen_at as occurred_at,
    case when shown_stage.stage_at is null then 'approx' else 'exact' end as ts_quality,
    2 as order_hint,
    listed_deal.amount,
    listed_deal.currency,
    listed_deal.pipeline,
    listed_deal.customer_type,
    shown_stage._file_id,
    shown_stage._line
from shown_stage
-- many to one
inner join int_pipedrive__listed_deal as listed_deal on shown_stage.deal_id = listed_deal.deal_id
where shown_stage.stage_before is null or shown_stage.stage_before <> shown_stage.stage
