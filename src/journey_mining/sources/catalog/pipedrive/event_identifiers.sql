-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_pipedrive__activities, stg_pipedrive__deals, stg_pipedrive__deals__emails, stg_pipedrive__deals__phones, stg_pipedrive__deals__version, stg_pipedrive__deals_api, stg_pipedrive__deals_sheet, stg_pipedrive__deals_sheet__emails, stg_pipedrive__deals_sheet__phones, stg_pipedrive__deals_sheet__version, stg_pipedrive__flow, stg_pipedrive__leads, stg_pipedrive__persons, stg_pipedrive__persons__emails, stg_pipedrive__persons__phones, stg_pipedrive__persons_api, stg_pipedrive__persons_api__emails, stg_pipedrive__persons_api__emails_v1, stg_pipedrive__persons_api__phones, stg_pipedrive__persons_api__phones_v1
-- why: persons bind number, addresses and phones; lists may know the address of a deal and not the number of its person
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

deal_identifier as (

    select deal_id, 'pipedrive_person' as kind, person_id as value from stg_pipedrive__deals_api
    union all
    select deal_id, 'pipedrive_person' as kind, person_id as value from listed_deal
    union all
    select deal_id, 'email' as kind, item as value
    from stg_pipedrive__deals__emails
    where deal_id in (select deal_id from listed_deal where stream = 'deals')
    union all
    select deal_id, 'phone' as kind, item as value
    from stg_pipedrive__deals__phones
    where deal_id in (select deal_id from listed_deal where stream = 'deals')
    union all
    select deal_id, 'email' as kind, item as value
    from stg_pipedrive__deals_sheet__emails
    where deal_id in (select deal_id from listed_deal where stream = 'deals_sheet')
    union all
    select deal_id, 'phone' as kind, item as value
    from stg_pipedrive__deals_sheet__phones
    where deal_id in (select deal_id from listed_deal where stream = 'deals_sheet')

),

person_identifier as (

    select 'persons_api' as stream, person_id, 'pipedrive_person' as kind, person_id as value
    from stg_pipedrive__persons_api
    union all
    select 'persons_api' as stream, person_id, 'email' as kind, item as value
    from stg_pipedrive__persons_api__emails
    union all
    select 'persons_api' as stream, person_id, 'email' as kind, item as value
    from stg_pipedrive__persons_api__emails_v1
    union all
    select 'persons_api' as stream, person_id, 'phone' as kind, item as value
    from stg_pipedrive__persons_api__phones
    union all
    select 'persons_api' as stream, person_id, 'phone' as kind, item as value
    from stg_pipedrive__persons_api__phones_v1
    union all
    select 'persons' as stream, person_id, 'pipedrive_person' as kind, person_id as value
    from stg_pipedrive__persons
    where person_id not in (select person_id from stg_pipedrive__persons_api)
    union all
    select 'persons' as stream, person_id, 'email' as kind, item as value
    from stg_pipedrive__persons__emails
    where person_id not in (select person_id from stg_pipedrive__persons_api)
    union all
    select 'persons' as stream, person_id, 'phone' as kind, item as value
    from stg_pipedrive__persons__phones
    where person_id not in (select person_id from stg_pipedrive__persons_api)

),

told as (

    select deal_event.stream, deal_event.natural_key, deal_identifier.kind, deal_identifier.value
    from deal_event
    -- many to many: each event of a deal carries each identifier of the deal
    inner join deal_identifier on deal_event.deal_id = deal_identifier.deal_id
    union all
    select stream, concat('person:', person_id) as natural_key, kind, value
    from person_identifier
    union all
    select
        'activities' as stream,
        concat('activity:', activity_id) as natural_key,
        'pipedrive_person' as kind,
        person_id as value
    from stg_pipedrive__activities
    where is_done
    union all
    select
        'leads' as stream,
        concat('lead:', lead_id) as natural_key,
        'pipedrive_person' as kind,
        person_id as value
    from stg_pipedrive__leads

)

select
    stream,
    natural_key,
    kind,
    value
from told
where value is not null
group by
    stream,
    natural_key,
    kind,
    value
