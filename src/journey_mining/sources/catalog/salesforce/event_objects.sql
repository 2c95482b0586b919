-- model: event_objects
-- layer: events
-- grain: one row per event and opportunity, company, lead or contact that takes part
-- key: stream, natural_key, object_type, object_id
-- reads: int_salesforce__deal_event, stg_salesforce__contact_roles, stg_salesforce__leads, stg_salesforce__meetings, stg_salesforce__opportunities, stg_salesforce__tasks
-- why: journeys that follow deals are cut by them; an opportunity has one person, further contacts of it stand here
with

part as (

    select opportunity_id, 'company' as object_type, account_id as object_id, 'account' as qualifier
    from stg_salesforce__opportunities
    where account_id is not null
    union all
    select opportunity_id, 'contact' as object_type, contact_id as object_id, 'participant' as qualifier
    from stg_salesforce__contact_roles
    where contact_id is not null and coalesce(is_deleted, false) = false
    group by opportunity_id, contact_id

),

activity as (

    select 'tasks' as stream, concat('task:', task_id) as natural_key, what_id
    from stg_salesforce__tasks
    where is_closed and coalesce(is_deleted, false) = false
    union all
    select 'meetings' as stream, concat('event:', event_id) as natural_key, what_id
    from stg_salesforce__meetings
    where coalesce(is_deleted, false) = false
        and coalesce(is_child, false) = false
        and coalesce(is_pattern, false) = false
        -- one that lies ahead of the export may yet be called off
        and try_cast(met_text as timestamp) <= coalesce(_snapshot_at, stamped_at)

)

select
    stream,
    natural_key,
    'deal' as object_type,
    opportunity_id as object_id,
    'subject' as qualifier
from int_salesforce__deal_event
union all
select
    deal_event.stream,
    deal_event.natural_key,
    part.object_type,
    part.object_id,
    part.qualifier
from int_salesforce__deal_event as deal_event
-- many to many: each event of a deal carries all that hangs on the deal
inner join part on deal_event.opportunity_id = part.opportunity_id
union all
-- ids begin with what they are ids of
select
    stream,
    natural_key,
    case when what_id like '006%' then 'deal' else 'company' end as object_type,
    what_id as object_id,
    'about' as qualifier
from activity
where what_id like '006%' or what_id like '001%'
union all
select
    'leads' as stream,
    concat('lead:', lead_id, ':created') as natural_key,
    'lead' as object_type,
    lead_id as object_id,
    'subject' as qualifier
from stg_salesforce__leads
where coalesce(is_deleted, false) = false or master_id is not null
