-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: stg_jira__issues, stg_jira__issue_list, stg_jira__changes, stg_jira__comments
-- why: issues name a reporter; what another customer wrote is that customer's own
with

issue as (

    select
        'issues' as stream,
        issue_id,
        reporter_id,
        reporter_email,
        crm_id,
        resolved_at,
        rating
    from stg_jira__issues
    union all
    select
        'issue_list' as stream,
        listed.issue_id,
        listed.reporter_id,
        -- on some servers people are called by their e-mail
        case when listed.reporter like '%_@_%._%' then lower(trim(listed.reporter)) end as reporter_email,
        listed.crm_id,
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
        issue_id,
        cast(null as varchar) as author_id,
        cast(null as varchar) as author_email
    from issue
    union all
    select
        issue.stream,
        concat('issue:', issue.issue_id, ':solved') as natural_key,
        issue.issue_id,
        cast(null as varchar) as author_id,
        cast(null as varchar) as author_email
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
        issue_id,
        cast(null as varchar) as author_id,
        cast(null as varchar) as author_email
    from issue
    where rating is not null
    union all
    select
        'changes' as stream,
        concat('change:', move.history_id, ':', move.item_no) as natural_key,
        move.issue_id,
        cast(null as varchar) as author_id,
        cast(null as varchar) as author_email
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
        comment.issue_id,
        -- another customer who joins in is himself
        case when comment.author_kind = 'customer' then comment.author_id end as author_id,
        case when comment.author_kind = 'customer' then comment.author_email end as author_email
    from stg_jira__comments as comment
    where coalesce(comment.is_public, not coalesce(comment.is_internal, false))
        and not coalesce(comment.is_internal, false)
        and comment.limited_to is null

),

person as (

    select
        happened.stream,
        happened.natural_key,
        coalesce(happened.author_id, issue.reporter_id) as account_id,
        case
            when happened.author_id is null or happened.author_id = issue.reporter_id
                then issue.reporter_email
            else happened.author_email
        end as email,
        case
            when happened.author_id is null or happened.author_id = issue.reporter_id
                then issue.crm_id
        end as crm_id
    from happened
    -- many to at most one
    left join issue on happened.issue_id = issue.issue_id

),

bound as (

    select stream, natural_key, 'jira_account' as kind, account_id as value from person
    union all
    select stream, natural_key, 'email' as kind, email as value from person
    union all
    -- numbers only: an address kept there would be published as it is
    select stream, natural_key, 'crm_id' as kind, crm_id as value
    from person
    where crm_id not like '%@%' and crm_id not like '+%'

)

select
    stream,
    natural_key,
    kind,
    value
from bound
where value is not null
