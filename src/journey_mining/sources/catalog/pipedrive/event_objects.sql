-- model: event_objects
-- layer: events
-- grain: one row per event and deal, company or lead
-- key: stream, natural_key, object_type, object_id
-- reads: stg_pipedrive__activities, stg_pipedrive__deals, stg_pipedrive__deals__version, stg_pipedrive__deals_api, stg_pipedrive__deals_sheet, stg_pipedrive__deals_sheet__version, stg_pipedrive__flow, stg_pipedrive__leads
-- why: journeys that follow deals are cut by them
with

shown_stage as (

    select
        stream,
        deal_id,
        stage,
        seen_at,
        lag(stage) over (partition by deal_id order by seen_at, drawn_at, content) as stage_before,
        content
    from (
        select
            'deals' as stream,
            deal_id,
            stage,
            coalesce(stage_at, modified_at, _snapshot_at, created_at) as seen_at,
            _snapshot_at as drawn_at,
            _row_hash as content
        from stg_pipedrive__deals__version
        where deal_id in (select deal_id from stg_pipedrive__deals)
            and deal_id not in (select deal_id from stg_pipedrive__deals_api)
        union all
        select
            'deals_sheet' as stream,
            deal_id,
            stage,
            coalesce(stage_at, modified_at, _snapshot_at, created_at) as seen_at,
            _snapshot_at as drawn_at,
            _row_hash as content
        from stg_pipedrive__deals_sheet__version
        where deal_id in (select deal_id from stg_pipedrive__deals_sheet)
            and deal_id not in (select deal_id from stg_pipedrive__deals)
            and deal_id not in (select deal_id from stg_pipedrive__deals_api)
    ) as listed

),

listed_deal as (

    select 'deals' as stream, deal_id, status, person_id, org_id
    from stg_pipedrive__deals
    where deal_id not in (select deal_id from stg_pipedrive__deals_api)
    union all
    select 'deals_sheet' as stream, deal_id, status, person_id, org_id
    from stg_pipedrive__deals_sheet
    where deal_id not in (select deal_id from stg_pipedrive__deals_api)
        and deal_id not in (select deal_id from stg_pipedrive__deals)

),

changed as (

    select entry_id, deal_id, field
    from stg_pipedrive__flow
    where entry = 'dealChange'
        and field in ('stage_id', 'status')
        and changed_at is not null
        and deal_id in (select deal_id from stg_pipedrive__deals_api)

),

deal_event as (

    select 'deals_api' as stream, concat('deal:', deal_id, ':created') as natural_key, deal_id
    from stg_pipedrive__deals_api
    union all
    select 'deals_api' as stream, concat('deal:', deal_id, ':first') as natural_key, deal_id
    from stg_pipedrive__deals_api
    where stage_at is null or deal_id in (select deal_id from changed where field = 'stage_id')
    union all
    select 'deals_api' as stream, concat('deal:', deal_id, ':now') as natural_key, deal_id
    from stg_pipedrive__deals_api
    where stage_at is not null and deal_id not in (select deal_id from changed where field = 'stage_id')
    union all
    select 'deals_api' as stream, concat('deal:', deal_id, ':', status) as natural_key, deal_id
    from stg_pipedrive__deals_api
    where status in ('won', 'lost') and deal_id not in (select deal_id from changed where field = 'status')
    union all
    select 'flow' as stream, concat('change:', entry_id) as natural_key, deal_id
    from changed
    union all
    select stream, concat('deal:', deal_id, ':created') as natural_key, deal_id
    from listed_deal
    union all
    select stream, concat('deal:', deal_id, ':', status) as natural_key, deal_id
    from listed_deal
    where status in ('won', 'lost')
    union all
    select
        stream,
        concat(
            'deal:', deal_id, ':', stage, ':',
            row_number() over (partition by deal_id, stage order by seen_at, content)
        ) as natural_key,
        deal_id
    from shown_stage
    where stage_before is null or stage_before <> stage

),

company as (

    select deal_id, org_id from stg_pipedrive__deals_api
    union all
    select deal_id, org_id from listed_deal

)

select
    stream,
    natural_key,
    'deal' as object_type,
    deal_id as object_id,
    'subject' as qualifier
from deal_event
union all
select
    deal_event.stream,
    deal_event.natural_key,
    'company' as object_type,
    company.org_id as object_id,
    'account' as qualifier
from deal_event
-- many to one
inner join company on deal_event.deal_id = company.deal_id
where company.org_id is not null
union all
select
    'activities' as stream,
    concat('activity:', activity_id) as natural_key,
    'deal' as object_type,
    deal_id as object_id,
    'about' as qualifier
from stg_pipedrive__activities
where is_done and deal_id is not null
union all
select
    'leads' as stream,
    concat('lead:', lead_id) as natural_key,
    'lead' as object_type,
    lead_id as object_id,
    'subject' as qualifier
from stg_pipedrive__leads
