-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: int_salesforce__deal_event, stg_salesforce__contact_roles, stg_salesforce__contacts, stg_salesforce__contacts__phones, stg_salesforce__lead_history, stg_salesforce__leads, stg_salesforce__leads__phones, stg_salesforce__meetings, stg_salesforce__opportunities, stg_salesforce__report, stg_salesforce__tasks
-- why: contacts and leads bind number, address and phones; a conversion binds lead and contact; all by the record left after merges
with

merged as (

    select contact_id as lost_id, master_id as kept_id
    from stg_salesforce__contacts
    where master_id is not null
    union all
    select lead_id as lost_id, master_id as kept_id
    from stg_salesforce__leads
    where master_id is not null

),

merged_twice as (

    -- what took in others may itself have been taken in: each of these parts doubles how far that is followed
    select merged.lost_id, coalesce(further.kept_id, merged.kept_id) as kept_id
    from merged
    -- one to at most one
    left join merged as further on merged.kept_id = further.lost_id

),

merged_four_times as (

    select merged_twice.lost_id, coalesce(further.kept_id, merged_twice.kept_id) as kept_id
    from merged_twice
    -- one to at most one
    left join merged_twice as further on merged_twice.kept_id = further.lost_id

),

merged_for_good as (

    select merged_four_times.lost_id, coalesce(further.kept_id, merged_four_times.kept_id) as kept_id
    from merged_four_times
    -- one to at most one
    left join merged_four_times as further on merged_four_times.kept_id = further.lost_id

),

deal_contact as (

    -- one person a deal: the primary role, the contact of the opportunity, the lead it came from, or any role
    select opportunity_id, contact_id
    from (
        select
            opportunity_id,
            contact_id,
            row_number() over (partition by opportunity_id order by preference, contact_id) as place
        from (
            select
                opportunity_id,
                contact_id,
                case when is_primary then 0 else 3 end as preference
            from stg_salesforce__contact_roles
            where coalesce(is_deleted, false) = false
            union all
            select opportunity_id, contact_id, 1 as preference from stg_salesforce__opportunities
            union all
            select opportunity_id, contact_id, 2 as preference from stg_salesforce__leads
        ) as told
        where opportunity_id is not null and contact_id is not null
    ) as placed
    where place = 1

),

named as (

    -- a contact or a lead that an event is about, by the id it had then
    select deal_event.stream, deal_event.natural_key, deal_contact.contact_id as record_id
    from int_salesforce__deal_event as deal_event
    -- many to one
    inner join deal_contact on deal_event.opportunity_id = deal_contact.opportunity_id
    union all
    select 'contacts' as stream, concat('contact:', contact_id) as natural_key, contact_id as record_id
    from stg_salesforce__contacts
    where coalesce(is_deleted, false) = false or master_id is not null
    union all
    select 'leads' as stream, concat('lead:', lead_id, ':created') as natural_key, lead_id as record_id
    from stg_salesforce__leads
    where coalesce(is_deleted, false) = false or master_id is not null
    union all
    select 'leads' as stream, concat('lead:', lead_id, ':lost') as natural_key, lead_id as record_id
    from stg_salesforce__leads
    where lower(status) in ('closed - not converted', 'unqualified', 'disqualified')
        and not coalesce(is_converted, false)
        and coalesce(is_deleted, false) = false
        and lead_id not in (
            select lead_id
            from stg_salesforce__lead_history
            where field = 'Status'
        )
    union all
    select 'lead_history' as stream, concat('lh:', history_id) as natural_key, lead_id as record_id
    from stg_salesforce__lead_history
    where field = 'Status'
        and new_value is not null
        and coalesce(is_deleted, false) = false
    union all
    select 'tasks' as stream, concat('task:', task_id) as natural_key, who_id as record_id
    from stg_salesforce__tasks
    where is_closed and coalesce(is_deleted, false) = false
    union all
    select 'meetings' as stream, concat('event:', event_id) as natural_key, who_id as record_id
    from stg_salesforce__meetings
    where coalesce(is_deleted, false) = false
        and coalesce(is_child, false) = false
        and coalesce(is_pattern, false) = false
        -- one that lies ahead of the export may yet be called off
        and try_cast(met_text as timestamp) <= coalesce(_snapshot_at, stamped_at)

),

conversion as (

    select
        concat('lead:', one.lead_id, ':converted') as natural_key,
        one.lead_id,
        one.contact_id
    from stg_salesforce__leads as one
    where one.is_converted
        and coalesce(one.is_deleted, false) = false
        and (
            one.converted_on is not null
            or exists (
                select 1 as found
                from stg_salesforce__lead_history as history
                where history.lead_id = one.lead_id
                    and history.field = 'leadConverted'
                    and coalesce(history.is_deleted, false) = false
            )
        )

),

any_named as (

    select stream, natural_key, record_id from named
    union all
    select 'leads' as stream, natural_key, lead_id as record_id from conversion
    union all
    select 'leads' as stream, natural_key, contact_id as record_id from conversion

),

told as (

    select
        any_named.stream,
        any_named.natural_key,
        -- ids begin with what they are ids of
        case when any_named.record_id like '00Q%' then 'salesforce_lead' else 'salesforce_contact' end as kind,
        coalesce(merged_for_good.kept_id, any_named.record_id) as value
    from any_named
    -- many to at most one
    left join merged_for_good on any_named.record_id = merged_for_good.lost_id
    where any_named.record_id like '00Q%' or any_named.record_id like '003%'
    union all
    select 'contacts' as stream, concat('contact:', contact_id) as natural_key, 'email' as kind, email as value
    from stg_salesforce__contacts
    where coalesce(is_deleted, false) = false or master_id is not null
    union all
    select 'contacts' as stream, concat('contact:', phone.contact_id) as natural_key, 'phone' as kind, phone.item as value
    from stg_salesforce__contacts__phones as phone
    -- many to one
    inner join stg_salesforce__contacts as contact on phone.contact_id = contact.contact_id
    where coalesce(contact.is_deleted, false) = false or contact.master_id is not null
    union all
    select 'leads' as stream, concat('lead:', lead_id, ':created') as natural_key, 'email' as kind, email as value
    from stg_salesforce__leads
    where coalesce(is_deleted, false) = false or master_id is not null
    union all
    select 'leads' as stream, concat('lead:', phone.lead_id, ':created') as natural_key, 'phone' as kind, phone.item as value
    from stg_salesforce__leads__phones as phone
    -- many to one
    inner join stg_salesforce__leads as one on phone.lead_id = one.lead_id
    where coalesce(one.is_deleted, false) = false or one.master_id is not null
    union all
    select deal_event.stream, deal_event.natural_key, 'email' as kind, report.email as value
    from int_salesforce__deal_event as deal_event
    -- many to one: only reports say an address on the opportunity itself
    inner join stg_salesforce__report as report on deal_event.opportunity_id = report.opportunity_id
    where deal_event.stream = 'report'

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
