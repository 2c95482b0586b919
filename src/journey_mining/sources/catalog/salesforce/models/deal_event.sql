-- model: deal_event
-- layer: events
-- grain: one row per opportunity made, and per move of one
-- key: stream, natural_key
-- reads: stg_salesforce__accounts, stg_salesforce__field_history, stg_salesforce__opportunities, stg_salesforce__opportunity_history, stg_salesforce__report, stg_salesforce__report__version, stg_salesforce__stages
-- why: an opportunity is told by the best of what came of it: its history, tracked fields, or what reports showed
with

deleted_opportunity as (

    select opportunity_id
    from stg_salesforce__opportunities
    where is_deleted

),

final_stage as (

    select
        stage,
        max(case when is_won then 1 else 0 end) as is_won,
        max(case when is_closed and not coalesce(is_won, false) then 1 else 0 end) as is_lost
    from stg_salesforce__stages
    group by stage

),

told_stage as (

    -- each row of the history says the stage, also where only the amount or the date was changed
    select
        history_id,
        opportunity_id,
        stage,
        lag(stage) over (partition by opportunity_id order by moved_at, history_id) as stage_before,
        forecast,
        probability,
        amount,
        moved_at,
        _file_id,
        _line
    from stg_salesforce__opportunity_history
    where coalesce(is_deleted, false) = false

),

shown_stage as (

    select
        opportunity_id,
        stage,
        amount,
        coalesce(modified_at, _snapshot_at, created_at) as seen_at,
        lag(stage) over (
            partition by opportunity_id
            order by coalesce(modified_at, _snapshot_at, created_at), _snapshot_at, _row_hash
        ) as stage_before,
        _row_hash,
        _file_id,
        _line
    from stg_salesforce__report__version

),

move as (

    select
        'opportunity_history' as stream,
        concat('oh:', history_id) as natural_key,
        opportunity_id,
        stage,
        -- without the table of stages, the forecast that closed stages come with
        case when forecast = 'Closed' and probability = 100 then 1 else 0 end as looks_won,
        case when forecast = 'Omitted' and probability = 0 then 1 else 0 end as looks_lost,
        amount,
        moved_at,
        'exact' as ts_quality,
        _file_id,
        _line
    from told_stage
    where stage_before is null or stage_before <> stage
    union all
    select
        'field_history' as stream,
        concat('ofh:', history.history_id) as natural_key,
        history.opportunity_id,
        history.new_value as stage,
        case when lower(history.new_value) = 'closed won' then 1 else 0 end as looks_won,
        case when lower(history.new_value) = 'closed lost' then 1 else 0 end as looks_lost,
        cast(null as decimal(18, 2)) as amount,
        history.moved_at,
        'exact' as ts_quality,
        history._file_id,
        history._line
    from stg_salesforce__field_history as history
    where history.field = 'StageName'
        and history.new_value is not null
        and coalesce(history.is_deleted, false) = false
        and history.opportunity_id not in (select opportunity_id from told_stage)
    union all
    select
        'opportunities' as stream,
        concat('opportunity:', opportunity.opportunity_id, ':now') as natural_key,
        opportunity.opportunity_id,
        opportunity.stage,
        case when opportunity.is_won then 1 else 0 end as looks_won,
        case when opportunity.is_closed and not coalesce(opportunity.is_won, false) then 1 else 0 end as looks_lost,
        opportunity.amount,
        coalesce(opportunity.stage_at, opportunity.modified_at, opportunity.created_at) as moved_at,
        case when opportunity.stage_at is null then 'approx' else 'exact' end as ts_quality,
        opportunity._file_id,
        opportunity._line
    from stg_salesforce__opportunities as opportunity
    where opportunity.opportunity_id not in (select opportunity_id from told_stage)
        and opportunity.opportunity_id not in (
            select opportunity_id
            from stg_salesforce__field_history
            where field = 'StageName'
                and new_value is not null
                and coalesce(is_deleted, false) = false
        )
    union all
    -- a stage that differs from the one in the report before
    select
        'report' as stream,
        concat(
            'opportunity:', opportunity_id, ':', stage, ':',
            row_number() over (partition by opportunity_id, stage order by seen_at, _row_hash)
        ) as natural_key,
        opportunity_id,
        stage,
        case when lower(stage) = 'closed won' then 1 else 0 end as looks_won,
        case when lower(stage) = 'closed lost' then 1 else 0 end as looks_lost,
        amount,
        seen_at as moved_at,
        'approx' as ts_quality,
        _file_id,
        _line
    from shown_stage
    where (stage_before is null or stage_before <> stage)
        and opportunity_id not in (select opportunity_id from told_stage)
        and opportunity_id not in (select opportunity_id from stg_salesforce__opportunities)

)

select
    move.stream,
    move.natural_key,
    move.opportunity_id,
    case
        when coalesce(final_stage.is_won, move.looks_won) = 1 then 'deal_won'
        when coalesce(final_stage.is_lost, move.looks_lost) = 1 then 'deal_lost'
        else 'deal_stage_changed'
    end as event_kind,
    move.stage as activity_raw,
    move.moved_at as occurred_at,
    move.ts_quality,
    1 as order_hint,
    coalesce(move.amount, opportunity.amount) as amount,
    opportunity.currency,
    account.kind as customer_type,
    opportunity.kind,
    move._file_id,
    move._line
from move
-- many to at most one
left join final_stage on move.stage = final_stage.stage
-- many to at most one: histories may come without the opportunities
left join stg_salesforce__opportunities as opportunity on move.opportunity_id = opportunity.opportunity_id
-- many to at most one
left join stg_salesforce__accounts as account on opportunity.account_id = account.account_id
where move.opportunity_id not in (select opportunity_id from deleted_opportunity)
union all
select
    'opportunities' as stream,
    concat('opportunity:', opportunity.opportunity_id, ':created') as natural_key,
    opportunity.opportunity_id,
    'deal_created' as event_kind,
    'Opportunity created' as activity_raw,
    opportunity.created_at as occurred_at,
    'exact' as ts_quality,
    0 as order_hint,
    opportunity.amount,
    opportunity.currency,
    account.kind as customer_type,
    opportunity.kind,
    opportunity._file_id,
    opportunity._line
from stg_salesforce__opportunities as opportunity
-- many to at most one
left join stg_salesforce__accounts as account on opportunity.account_id = account.account_id
where coalesce(opportunity.is_deleted, false) = false
union all
select
    'report' as stream,
    concat('opportunity:', opportunity_id, ':created') as natural_key,
    opportunity_id,
    'deal_created' as event_kind,
    'Opportunity created' as activity_raw,
    created_at as occurred_at,
    -- many reports show the day only
    case when created_at = date_trunc('day', created_at) then 'date_only' else 'exact' end as ts_quality,
    0 as order_hint,
    amount,
    currency,
    cast(null as varchar) as customer_type,
    kind,
    _file_id,
    _line
from stg_salesforce__report
where opportunity_id not in (select opportunity_id from stg_salesforce__opportunities)
