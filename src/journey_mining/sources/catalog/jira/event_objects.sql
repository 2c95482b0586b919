-- model: event_objects
-- layer: events
-- grain: one row per event and its issue or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: stg_jira__issues, stg_jira__issue_list, stg_jira__changes, stg_jira__comments
-- why: binds the events of one issue, and the issues of one organisation
with

issue as (

    select
        'issues' as stream,
        issue_id,
        org_id,
        resolved_at,
        rating
    from stg_jira__issues
    union all
    select
        'issue_list' as stream,
        listed.issue_id,
        -- the CSV has the name of the organisation only: a hash stands for it
        md5(lower(trim(listed.organization))) as org_id,
        listed.resolved_at,
        listed.rating
    from stg_jira__issue_list as listed
    where not exists (
        select 1 as found
        from stg_jira__issues as told
        where told.issue_id = listed.issue_id
    )

),

move as (

    select
        history_id,
        item_no,
        issue_id,
        field,
        from_id,
        to_id,
        max(case when field = 'resolution' then 1 else 0 end) over (
            partition by issue_id, history_id
        ) as has_resolution
    from stg_jira__changes

),

happened as (

    select
        stream,
        concat('issue:', issue_id, ':created') as natural_key,
        issue_id
    from issue
    union all
    select
        issue.stream,
        concat('issue:', issue.issue_id, ':solved') as natural_key,
        issue.issue_id
    from issue
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
        issue_id
    from issue
    where rating is not null
    union all
    select
        'changes' as stream,
        concat('change:', move.history_id, ':', move.item_no) as natural_key,
        move.issue_id
    from move
    -- many to one
    inner join issue on move.issue_id = issue.issue_id
    where (move.field = 'status' and move.has_resolution = 0)
        or (
            move.field = 'resolution'
            and (move.from_id is null or move.to_id is null)
            and coalesce(move.from_id, move.to_id) is not null
        )
    union all
    select
        'comments' as stream,
        concat('comment:', comment.comment_id) as natural_key,
        comment.issue_id
    from stg_jira__comments as comment
    where coalesce(comment.is_public, not coalesce(comment.is_internal, false))
        and not coalesce(comment.is_internal, false)
        and comment.limited_to is null

)

select
    stream,
    natural_key,
    'ticket' as object_type,
    issue_id as object_id,
    'subject' as qualifier
from happened
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    issue.org_id as object_id,
    'account' as qualifier
from happened
-- many to one
inner join issue on happened.issue_id = issue.issue_id
where issue.org_id is not null
