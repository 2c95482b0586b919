-- model: deal_event
-- layer: events
-- grain: one row per deal made, and per move of a deal
-- key: stream, natural_key
-- reads: stg_hubspot__deals, stg_hubspot__deals__version, stg_hubspot__deals_api, stg_hubspot__pipelines, stg_hubspot__stage_entries, stg_hubspot__stage_history
-- why: a deal is told by the best of what came of it: its history, its dates of entry, or what lists showed
with

stage_name as (

    -- ids of stages are unique in an account; should one repeat, the first pipeline is taken
    select
        stage_id,
        stage,
        pipeline,
        is_won,
        is_lost
    from (
        select
            stage_id,
            stage,
            pipeline,
            case when is_closed and probability = 1 then 1 else 0 end as is_won,
            case when is_closed and coalesce(probability, 0) < 1 then 1 else 0 end as is_lost,
            row_number() over (partition by stage_id order by pipeline_id) as place
        from stg_hubspot__pipelines
    ) as placed
    where place = 1

),

final_label as (

    select
        stage_key,
        max(case when is_closed and probability = 1 then 1 else 0 end) as is_won,
        max(case when is_closed and coalesce(probability, 0) < 1 then 1 else 0 end) as is_lost
    from stg_hubspot__pipelines
    group by stage_key

),

told_move as (

    select
        'stage_history' as stream,
        concat('deal:', deal_id, ':', stage_id, ':', moved_text) as natural_key,
        deal_id,
        stage_id,
        moved_at,
        'exact' as ts_quality,
        _file_id,
        _line
    from stg_hubspot__stage_history
    union all
    -- only the last entry into each stage is known: how often a deal came back is not
    select
        'stage_entries' as stream,
        concat('deal:', entry.deal_id, ':', replace(entry.property, 'hs_v2_date_entered_', '')) as natural_key,
        entry.deal_id,
        replace(entry.property, 'hs_v2_date_entered_', '') as stage_id,
        cast(replace(replace(entry.entered_text, 'T', ' '), 'Z', '') as timestamp) as moved_at,
        'exact' as ts_quality,
        entry._file_id,
        entry._line
    from stg_hubspot__stage_entries as entry
    where entry.property like 'hs_v2_date_entered_%'
        and entry.entered_text is not null
        and not exists (
            select 1 as found
            from stg_hubspot__stage_history as history
            where history.deal_id = entry.deal_id
        )
    union all
    -- neither history nor dates: the stage it has now, when it was last changed
    select
        'deals_api' as stream,
        concat('deal:', deal.deal_id, ':now') as natural_key,
        deal.deal_id,
        deal.stage_id,
        coalesce(deal.modified_at, deal.created_at) as moved_at,
        'approx' as ts_quality,
        deal._file_id,
        deal._line
    from stg_hubspot__deals_api as deal
    where deal.stage_id is not null
        and not exists (
            select 1 as found
            from stg_hubspot__stage_history as history
            where history.deal_id = deal.deal_id
        )
        and not exists (
            select 1 as found
            from stg_hubspot__stage_entries as entry
            where entry.deal_id = deal.deal_id
                and entry.property like 'hs_v2_date_entered_%'
                and entry.entered_text is not null
        )

),

listed_deal as (

    -- deals that only the list export knows
    select
        deal.deal_id,
        deal.pipeline,
        deal.amount,
        deal.currency,
        deal.customer_type,
        deal.deal_type,
        deal.created_at,
        deal._file_id,
        deal._line
    from stg_hubspot__deals as deal
    where not exists (
        select 1 as found
        from stg_hubspot__deals_api as known
        where known.deal_id = deal.deal_id
    )

),

shown_stage as (

    select
        deal_id,
        stage,
        stage_key,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at,
        lag(stage_key) over (
            partition by deal_id
            order by coalesce(modified_at, _snapshot_at, created_at), _snapshot_at, _row_hash
        ) as stage_before,
        _row_hash,
        _file_id,
        _line
    from stg_hubspot__deals__version

),

shown_move as (

    -- a stage that differs from the one in the list before: the deal moved at last when that list says it was changed
    select
        shown_stage.deal_id,
        shown_stage.stage,
        shown_stage.stage_key,
        shown_stage.seen_at,
        row_number() over (
            partition by shown_stage.deal_id, shown_stage.stage_key
            order by shown_stage.seen_at, shown_stage._row_hash
        ) as entry_no,
        listed_deal.pipeline,
        listed_deal.amount,
        listed_deal.currency,
        listed_deal.customer_type,
        listed_deal.deal_type,
        shown_stage._file_id,
        shown_stage._line
    from shown_stage
    -- many to one
    inner join listed_deal on shown_stage.deal_id = listed_deal.deal_id
    where shown_stage.stage_before is null or shown_stage.stage_before <> shown_stage.stage_key

)

select
    told_move.stream,
    told_move.natural_key,
    told_move.deal_id,
    case
        when coalesce(stage_name.is_won, case when told_move.stage_id = 'closedwon' then 1 end) = 1
            then 'deal_won'
        when coalesce(stage_name.is_lost, case when told_move.stage_id = 'closedlost' then 1 end) = 1
            then 'deal_lost'
        else 'deal_stage_changed'
    end as event_kind,
    coalesce(stage_name.stage, told_move.stage_id) as activity_raw,
    told_move.moved_at as occurred_at,
    told_move.ts_quality,
    1 as order_hint,
    deal.amount,
    deal.currency,
    coalesce(stage_name.pipeline, deal.pipeline_id) as pipeline,
    deal.customer_type,
    deal.deal_type,
    told_move._file_id,
    told_move._line
from told_move
-- many to one: moves of archived deals are left out with their deal
inner join stg_hubspot__deals_api as deal on told_move.deal_id = deal.deal_id
-- many to at most one
left join stage_name on told_move.stage_id = stage_name.stage_id
union all
select
    'deals_api' as stream,
    concat('deal:', deal.deal_id, ':created') as natural_key,
    deal.deal_id,
    'deal_created' as event_kind,
    'Deal created' as activity_raw,
    deal.created_at as occurred_at,
    'exact' as ts_quality,
    0 as order_hint,
    deal.amount,
    deal.currency,
    coalesce(stage_name.pipeline, deal.pipeline_id) as pipeline,
    deal.customer_type,
    deal.deal_type,
    deal._file_id,
    deal._line
from stg_hubspot__deals_api as deal
-- many to at most one
left join stage_name on deal.stage_id = stage_name.stage_id
union all
select
    'deals' as stream,
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
    deal_type,
    _file_id,
    _line
from listed_deal
union all
select
    'deals' as stream,
    concat('deal:', shown_move.deal_id, ':', shown_move.stage, ':', shown_move.entry_no) as natural_key,
    shown_move.deal_id,
    -- without the dump of pipelines, the names that the system ships with
    case
        when coalesce(final_label.is_won, case when lower(shown_move.stage) = 'closed won' then 1 end) = 1
            then 'deal_won'
        when coalesce(final_label.is_lost, case when lower(shown_move.stage) = 'closed lost' then 1 end) = 1
            then 'deal_lost'
        else 'deal_stage_changed'
    end as event_kind,
    shown_move.stage as activity_raw,
    shown_move.seen_at as occurred_at,
    'approx' as ts_quality,
    1 as order_hint,
    shown_move.amount,
    shown_move.currency,
    shown_move.pipeline,
    shown_move.customer_type,
    shown_move.deal_type,
    shown_move._file_id,
    shown_move._line
from shown_move
-- many to at most one
left join final_label on shown_move.stage_key = final_label.stage_key
