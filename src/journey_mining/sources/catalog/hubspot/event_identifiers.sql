-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: int_hubspot__deal_event, stg_hubspot__calls, stg_hubspot__contacts, stg_hubspot__contacts__emails, stg_hubspot__contacts__merged_ids, stg_hubspot__contacts__phones, stg_hubspot__contacts_api, stg_hubspot__contacts_api__merged_ids, stg_hubspot__contacts_api__more_emails, stg_hubspot__deals, stg_hubspot__deals_api, stg_hubspot__emails, stg_hubspot__form_submissions, stg_hubspot__lifecycle, stg_hubspot__meetings
-- why: contacts bind number, addresses and phones; all else names its contact, by the number that is left after merges
with

merged as (

    select item as lost_id, min(contact_id) as kept_id
    from (
        select item, contact_id from stg_hubspot__contacts_api__merged_ids
        union all
        select item, contact_id from stg_hubspot__contacts__merged_ids
    ) as told
    where item <> contact_id
    group by item

),

merged_twice as (

    -- a contact that took in others may itself have been taken in: each of these parts doubles how far that is followed
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

    select deal_id, contact_id from stg_hubspot__deals_api
    union all
    select deal.deal_id, deal.contact_id
    from stg_hubspot__deals as deal
    where not exists (
        select 1 as found
        from stg_hubspot__deals_api as known
        where known.deal_id = deal.deal_id
    )

),

named as (

    -- the contact that an event is about, by the number it had then
    select deal_event.stream, deal_event.natural_key, deal_contact.contact_id
    from int_hubspot__deal_event as deal_event
    -- many to one
    inner join deal_contact on deal_event.deal_id = deal_contact.deal_id
    union all
    select 'contacts_api' as stream, concat('contact:', contact_id) as natural_key, contact_id
    from stg_hubspot__contacts_api
    union all
    select 'contacts' as stream, concat('contact:', contact_id) as natural_key, contact_id
    from stg_hubspot__contacts
    where contact_id not in (select contact_id from stg_hubspot__contacts_api)
    union all
    select
        'lifecycle' as stream,
        concat('contact:', contact_id, ':', stage, ':', moved_text) as natural_key,
        contact_id
    from stg_hubspot__lifecycle
    where contact_id in (select contact_id from stg_hubspot__contacts_api)
    union all
    select 'calls' as stream, concat('call:', call_id) as natural_key, contact_id
    from stg_hubspot__calls
    union all
    select 'emails' as stream, concat('email:', email_id) as natural_key, contact_id
    from stg_hubspot__emails
    where coalesce(status, 'SENT') not in ('SCHEDULED', 'SENDING', 'FAILED')
    union all
    select 'meetings' as stream, concat('meeting:', meeting_id) as natural_key, contact_id
    from stg_hubspot__meetings
    where coalesce(outcome, '') not in ('CANCELED', 'RESCHEDULED')
        -- one that lies ahead of the export may yet be called off
        and (outcome = 'COMPLETED' or try_cast(met_text as timestamp) <= coalesce(_snapshot_at, modified_at))
        and try_cast(met_text as timestamp) is not null

),

address as (

    select 'contacts_api' as stream, contact_id, 'email' as kind, email as value
    from stg_hubspot__contacts_api
    union all
    select 'contacts_api' as stream, contact_id, 'email' as kind, item as value
    from stg_hubspot__contacts_api__more_emails
    union all
    select 'contacts_api' as stream, contact_id, 'phone' as kind, phone as value
    from stg_hubspot__contacts_api
    union all
    select 'contacts_api' as stream, contact_id, 'phone' as kind, mobile as value
    from stg_hubspot__contacts_api
    union all
    select 'contacts' as stream, contact_id, 'email' as kind, item as value
    from stg_hubspot__contacts__emails
    where contact_id not in (select contact_id from stg_hubspot__contacts_api)
    union all
    select 'contacts' as stream, contact_id, 'phone' as kind, item as value
    from stg_hubspot__contacts__phones
    where contact_id not in (select contact_id from stg_hubspot__contacts_api)

),

told as (

    select
        named.stream,
        named.natural_key,
        'hubspot_contact' as kind,
        coalesce(merged_for_good.kept_id, named.contact_id) as value
    from named
    -- many to at most one
    left join merged_for_good on named.contact_id = merged_for_good.lost_id
    union all
    select stream, concat('contact:', contact_id) as natural_key, kind, value
    from address
    union all
    select 'emails' as stream, concat('email:', email_id) as natural_key, 'email' as kind, from_email as value
    from stg_hubspot__emails
    -- mails of ours are from ourselves
    where direction in ('INCOMING_EMAIL', 'FORWARDED_EMAIL')
        and coalesce(status, 'SENT') not in ('SCHEDULED', 'SENDING', 'FAILED')
    union all
    select
        'form_submissions' as stream,
        concat('form:', conversion_id) as natural_key,
        'email' as kind,
        email as value
    from stg_hubspot__form_submissions
    union all
    select
        'form_submissions' as stream,
        concat('form:', conversion_id) as natural_key,
        'phone' as kind,
        phone as value
    from stg_hubspot__form_submissions

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
