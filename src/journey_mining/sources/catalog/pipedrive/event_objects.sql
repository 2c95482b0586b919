-- model: event_objects
-- layer: events
-- grain: one row per event and deal, company or lead
-- key: stream, natural_key, object_type, object_id
-- reads: int_pipedrive__deal_event, int_pipedrive__listed_deal, stg_pipedrive__activities, stg_pipedrive__deals_api, stg_pipedrive__leads
-- why: journeys that follow deals are cut by them
with

company as (

    select deal_id, org_id from stg_pipedrive__deals_api
    union all
    select deal_id, org_id from int_pipedrive__listed_deal

)

select
    stream,
    natural_key,
    'deal' as object_type,
    deal_id as object_id,
    'subject' as qualifier
from int_pipedrive__deal_event
union all
select
    deal_event.stream,
    deal_event.natural_key,
    'company' as object_type,
    company.org_id as object_id,
    'account' as qualifier
from int_pipedrive__deal_event as deal_event
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
