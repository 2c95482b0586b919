-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: int_pipedrive__deal_event, int_pipedrive__listed_deal, stg_pipedrive__activities, stg_pipedrive__deals__emails, stg_pipedrive__deals__phones, stg_pipedrive__deals_api, stg_pipedrive__deals_sheet__emails, stg_pipedrive__deals_sheet__phones, stg_pipedrive__leads, stg_pipedrive__persons, stg_pipedrive__persons__emails, stg_pipedrive__persons__phones, stg_pipedrive__persons_api, stg_pipedrive__persons_api__emails, stg_pipedrive__persons_api__emails_v1, stg_pipedrive__persons_api__phones, stg_pipedrive__persons_api__phones_v1
-- why: persons bind number, addresses and phones; lists may know the address of a deal and not the number of its person
with

deal_identifier as (

    select deal_id, 'pipedrive_person' as kind, person_id as value from stg_pipedrive__deals_api
    union all
    select deal_id, 'pipedrive_person' as kind, person_id as value from int_pipedrive__listed_deal
    union all
    select deal_id, 'email' as kind, item as value
    from stg_pipedrive__deals__emails
    where deal_id in (select deal_id from int_pipedrive__listed_deal where stream = 'deals')
    union all
    select deal_id, 'phone' as kind, item as value
    from stg_pipedrive__deals__phones
    where deal_id in (select deal_id from int_pipedrive__listed_deal where stream = 'deals')
    union all
    select deal_id, 'email' as kind, item as value
    from stg_pipedrive__deals_sheet__emails
    where deal_id in (select deal_id from int_pipedrive__listed_deal where stream = 'deals_sheet')
    union all
    select deal_id, 'phone' as kind, item as value
    from stg_pipedrive__deals_sheet__phones
    where deal_id in (select deal_id from int_pipedrive__listed_deal where stream = 'deals_sheet')

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
    from int_pipedrive__deal_event as deal_event
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
