-- model: ticket
-- layer: events
-- grain: one row per ticket
-- key: ticket_id
-- reads: stg_freshdesk__ticket_list, stg_freshdesk__tickets
-- why: what the API tells of a ticket wins over the CSV
select
    'tickets' as stream,
    ticket_id,
    contact_id,
    email,
    work_phone,
    mobile_phone,
    cast(null as varchar) as crm_id,
    company_id,
    subject,
    lower(status) as status,
    lower(source) as source,
    ticket_type,
    created_at,
    coalesce(resolved_at, closed_at) as solved_at,
    coalesce(updated_at, created_at) as seen_at,
    reopened_at,
    cast(null as timestamp) as first_reply_at,
    cast(null as varchar) as resolution_time,
    cast(null as varchar) as survey,
    coalesce(is_spam, false) as is_spam,
    _file_id,
    _line
from stg_freshdesk__tickets
union all
select
    'ticket_list' as stream,
    listed.ticket_id,
    listed.contact_id,
    listed.email,
    listed.work_phone,
    listed.mobile_phone,
    listed.crm_id,
    -- the CSV has the name of the company only: a hash stands for it
    md5(lower(trim(listed.company))) as company_id,
    listed.subject,
    lower(listed.status) as status,
    lower(listed.source) as source,
    listed.ticket_type,
    listed.created_at,
    coalesce(listed.resolved_at, listed.closed_at) as solved_at,
    coalesce(listed.updated_at, listed.created_at) as seen_at,
    cast(null as timestamp) as reopened_at,
    listed.first_reply_at,
    listed.resolution_time,
    lower(listed.survey) as survey,
    false as is_spam,
    listed._file_id,
    listed._line
from stg_freshdesk__ticket_list as listed
where not exists (
    select 1 as found
    from stg_freshdesk__tickets as told
    where told.ticket_id = listed.ticket_id
)
