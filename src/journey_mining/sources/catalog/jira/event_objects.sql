-- model: event_objects
-- layer: events
-- grain: one row per event and its issue or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: int_jira__issue, int_jira__issue_event
-- why: binds the events of one issue, and the issues of one organisation
select
    stream,
    natural_key,
    'ticket' as object_type,
    issue_id as object_id,
    'subject' as qualifier
from int_jira__issue_event
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    issue.org_id as object_id,
    'account' as qualifier
from int_jira__issue_event as happened
-- many to one
inner join int_jira__issue as issue on happened.issue_id = issue.issue_id
where issue.org_id is not null
