-- model: issue
-- layer: events
-- grain: one row per issue
-- key: issue_id
-- reads: stg_jira__issue_list, stg_jira__issues
-- why: what the API tells of an issue wins over the CSV
select
    'issues' as stream,
    issue_id,
    summary,
    coalesce(request_type, issue_type) as kind,
    channel,
    created_at,
    coalesce(updated_at, created_at) as seen_at,
    resolved_at,
    reporter_id,
    reporter_email,
    reporter_kind,
    crm_id,
    org_id,
    creator_id,
    rating,
    rated_at,
    _file_id,
    _line
from stg_jira__issues
union all
select
    'issue_list' as stream,
    listed.issue_id,
    listed.summary,
    coalesce(listed.request_type, listed.issue_type) as kind,
    cast(null as varchar) as channel,
    listed.created_at,
    coalesce(listed.updated_at, listed.created_at) as seen_at,
    listed.resolved_at,
    listed.reporter_id,
    -- on some servers people are called by their e-mail
    case when listed.reporter like '%_@_%._%' then lower(trim(listed.reporter)) end as reporter_email,
    cast(null as varchar) as reporter_kind,
    listed.crm_id,
    -- the CSV has the name of the organisation only: a hash stands for it
    md5(lower(trim(listed.organization))) as org_id,
    listed.creator_id,
    listed.rating,
    listed.rated_at,
    listed._file_id,
    listed._line
from stg_jira__issue_list as listed
where not exists (
    select 1 as found
    from stg_jira__issues as told
    where told.issue_id = listed.issue_id
)
