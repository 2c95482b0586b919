-- model: seen_move
-- layer: events
-- grain: one row per stage that deliveries showed a deal in, where no events tell of it
-- key: deal_id, seen_at
-- reads: int_amocrm__card, stg_amocrm__deal_items__version, stg_amocrm__deals_comma__version, stg_amocrm__deals_list__version, stg_amocrm__deals_xlsx__version, stg_amocrm__events, stg_amocrm__stages
-- why: without events, moves are what differs from one delivery to the next
with

listed_version as (

    select
        'deals_list' as stream, deal_id, stage, stage_key, created_at, modified_at, closed_at, _snapshot_at, _row_hash
    from stg_amocrm__deals_list__version
    union all
    select
        'deals_xlsx' as stream, deal_id, stage, stage_key, created_at, modified_at, closed_at, _snapshot_at, _row_hash
    from stg_amocrm__deals_xlsx__version
    union all
    select
        'deals_comma' as stream, deal_id, stage, stage_key, created_at, modified_at, closed_at, _snapshot_at, _row_hash
    from stg_amocrm__deals_comma__version

),

seen_version as (

    -- each state in which a deal without events was delivered, and since when it is known to be so
    select
        listed.deal_id,
        listed.stage_key,
        listed.stage,
        case
            when listed.stage_key = 'успешно реализовано' then '142'
            -- folded names mix alphabets, so that English ones are compared as they stand
            when lower(listed.stage) in ('closed - won', 'closed won') then '142'
            when lower(listed.stage) in ('closed - lost', 'closed lost') then '143'
            when listed.stage_key = 'закрыто и не реализовано' then '143'
            else ''
        end as final_id,
        coalesce(listed.modified_at, listed._snapshot_at, listed.created_at) as seen_at,
        listed.closed_at,
        listed._snapshot_at,
        listed._row_hash
    from listed_version as listed
    -- many to one: a deal is told by the best informed kind of delivery alone
    inner join int_amocrm__card as card on listed.stream = card.stream and listed.deal_id = card.deal_id
    union all
    select
        item.deal_id,
        concat(item.pipeline_id, ':', item.status_id) as stage_key,
        coalesce(stage.name, concat('Этап ', item.status_id)) as stage,
        item.status_id as final_id,
        coalesce(item.modified_at, item.created_at) as seen_at,
        item.closed_at,
        item._snapshot_at,
        item._row_hash
    from stg_amocrm__deal_items__version as item
    -- many to at most one: 142 and 143 are in every pipeline
    left join stg_amocrm__stages as stage
        on item.pipeline_id = stage.pipeline_id
        and item.status_id = stage.status_id

),

seen_once as (

    select
        seen.deal_id, seen.stage_key, seen.stage, seen.final_id, seen.seen_at, seen.closed_at,
        row_number() over (
            partition by seen.deal_id, seen.seen_at
            order by seen._snapshot_at desc nulls last, seen._row_hash desc
        ) as telling_no
    from seen_version as seen
    where not exists (
        select 1 as found
        from stg_amocrm__events as event
        where event.type = 'lead_status_changed' and event.entity_id = seen.deal_id
    )

),

seen_change as (

    select
        deal_id, stage_key, stage, final_id, seen_at, closed_at,
        lag(stage_key) over (partition by deal_id order by seen_at) as stage_before
    from seen_once
    where telling_no = 1

)

select
    deal_id, stage, final_id, seen_at, closed_at
from seen_change
where stage_before is null or stage_before <> stage_key
