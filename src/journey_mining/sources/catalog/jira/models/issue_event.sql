-- model: issue_event
-- layer: events
-- grain: one row per event of an issue
-- key: stream, natural_key
-- reads: int_jira__issue, int_jira__move, stg_jira__changes, stg_jira__comments
-- why: the events of each issue and who acted, for identifiers and objects alike
select
    stream,
    concat('issue:', issue_id, ':created') as natural_key,
    issue_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from int_jira__issue
union all
select
    issue.stream,
    concat('issue:', issue.issue_id, ':solved') as natural_key,
    issue.issue_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from int_jira__issue as issue
where issue.resolved_at is not null
    and not exists (
        select 1 as found
        from stg_jira__changes as change
        where change.issue_id = issue.issue_id and change.field = 'resolution'
    )
union all
select
    stream,
    concat('issue:', issue_id, ':csat') as natural_key,
    issue_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from int_jira__issue
where rating is not null
union all
select
    'changes' as stream,
    concat('change:', history_id, ':', item_no) as natural_key,
    issue_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from int_jira__move
union all
select
    'comments' as stream,
    concat('comment:', comment.comment_id) as natural_key,
    comment.issue_id,
    -- another customer who joins in is himself
    case when comment.author_kind = 'customer' then comment.author_id end as author_id,
    case when comment.author_kind = 'customer' then comment.author_email end as author_email
from stg_jira__comments as comment
where coalesce(comment.is_public, not coalesce(comment.is_internal, false))
    and not coalesce(comment.is_internal, false)
    and comment.limited_to is null
