-- model: events
-- layer: events
-- grain: one row per issue opened, reply, change of status, solving, reopening, rating
-- key: stream, natural_key
-- reads: stg_jira__issues, stg_jira__issues__labels, stg_jira__issue_list, stg_jira__issue_list__labels, stg_jira__changes, stg_jira__comments
-- why: the changelog dates every move; without it the issue itself tells when it was resolved
with

label as (

    select issue_id, lower(item) as item from stg_jira__issues__labels
    union all
    select issue_id, lower(item) as item from stg_jira__issue_list__labels

),

matter as (

    -- the label that says what an issue is about; list your own labels here
    select
        issue_id,
        min(case
            when item in ('presale', 'onboarding', 'support', 'incident', 'billing') then item
        end) as label,
        max(case when item in ('test', 'тест') then 1 else 0 end) as is_test
    from label
    group by issue_id

),

issue as (

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
        reporter_kind,
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
        cast(null as varchar) as reporter_kind,
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

),

about as (

    select
        issue.issue_id,
        issue.reporter_id,
        case
            when matter.label is not null then concat('Тикет: ', matter.label)
            when issue.kind is not null then concat('Тикет: ', issue.kind)
            else 'Тикет'
        end as activity,
        case
            when issue.channel = 'email' then 'email'
            when issue.channel in ('phone', 'call') then 'phone'
            when issue.channel in ('chat', 'slack', 'msteams') then 'chat'
            else 'portal'
        end as channel,
        case
            when issue.reporter_kind = 'app' then 'bot'
            when matter.is_test = 1 or lower(trim(issue.summary)) in ('test', 'тест') then 'test'
        end as exclude,
        case
            when issue.reporter_kind = 'app' then 'reported by an app'
            when matter.is_test = 1 then 'label test'
            when lower(trim(issue.summary)) in ('test', 'тест') then 'summary test'
        end as exclude_reason
    from issue
    -- one to at most one
    left join matter on issue.issue_id = matter.issue_id

),

change as (

    select
        history_id,
        item_no,
        issue_id,
        changed_at,
        author_id,
        author_kind,
        field,
        from_id,
        from_name,
        to_id,
        to_name,
        -- a change of status that comes with a resolution is the same fact
        max(case when field = 'resolution' then 1 else 0 end) over (
            partition by issue_id, history_id
        ) as has_resolution,
        max(case when field = 'resolution' then 1 else 0 end) over (
            partition by issue_id
        ) as knows_resolution,
        _file_id,
        _line
    from stg_jira__changes

),

move as (

    select
        change.history_id,
        change.item_no,
        change.issue_id,
        change.changed_at,
        change.author_id,
        change.author_kind,
        issue.reporter_id,
        case
            when change.field = 'resolution' and change.from_id is null then 'solved'
            when change.field = 'resolution' then 'reopened'
            when change.knows_resolution = 1 or issue.resolved_at is not null then 'status'
            -- projects that set no resolution: the names that statuses are shipped with
            when lower(change.to_name) in (
                'done', 'resolved', 'closed', 'готово', 'решено', 'решен', 'закрыто', 'закрыт',
                'выполнено'
            ) then 'solved'
            when lower(change.from_name) in (
                'done', 'resolved', 'closed', 'готово', 'решено', 'решен', 'закрыто', 'закрыт',
                'выполнено'
            ) then 'reopened'
            else 'status'
        end as change,
        change.to_name,
        change._file_id,
        change._line
    from change
    -- many to one
    inner join issue on change.issue_id = issue.issue_id
    where (change.field = 'status' and change.has_resolution = 0)
        or (
            change.field = 'resolution'
            and (change.from_id is null or change.to_id is null)
            and coalesce(change.from_id, change.to_id) is not null
        )

),

told_move as (

    select
        history_id,
        item_no,
        issue_id,
        changed_at,
        case change
            when 'solved' then 'ticket_solved'
            when 'reopened' then 'ticket_reopened'
            else 'ticket_status_changed'
        end as event_kind,
        case
            when author_id = reporter_id then 'customer'
            when author_kind = 'app' then 'system'
            when change = 'solved' then 'agent'
            else 'system'
        end as actor_type,
        to_name,
        _file_id,
        _line
    from move

),

happened as (

    select
        stream,
        concat('issue:', issue_id, ':created') as natural_key,
        issue_id,
        'ticket_created' as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        cast(0 as bigint) as order_hint,
        -- an agent who writes down a call does it for the reporter
        case
            when reporter_kind = 'app' then 'system'
            when creator_id <> reporter_id then 'agent'
            else 'customer'
        end as actor_type,
        'in' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from issue
    union all
    select
        issue.stream,
        concat('issue:', issue.issue_id, ':solved') as natural_key,
        issue.issue_id,
        'ticket_solved' as event_kind,
        issue.resolved_at as occurred_at,
        'exact' as ts_quality,
        cast(8000000000000000000 as bigint) as order_hint,
        'agent' as actor_type,
        'out' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        issue._file_id,
        issue._line
    from issue
    where issue.resolved_at is not null
        and not exists (
            select 1 as found
            from stg_jira__changes as resolution
            where resolution.issue_id = issue.issue_id and resolution.field = 'resolution'
        )
    union all
    select
        issue.stream,
        concat('issue:', issue.issue_id, ':csat') as natural_key,
        issue.issue_id,
        'csat' as event_kind,
        coalesce(issue.rated_at, issue.resolved_at, issue.seen_at) as occurred_at,
        case when issue.rated_at is null then 'approx' else 'exact' end as ts_quality,
        cast(9000000000000000000 as bigint) as order_hint,
        'customer' as actor_type,
        'in' as direction,
        concat(cast(issue.rating as varchar), '/5') as score_raw,
        (cast(issue.rating as double) - 1) / 4 as score_norm,
        cast(null as varchar) as attributes,
        issue._file_id,
        issue._line
    from issue
    where issue.rating is not null
    union all
    select
        'changes' as stream,
        concat('change:', history_id, ':', item_no) as natural_key,
        issue_id,
        event_kind,
        changed_at as occurred_at,
        'exact' as ts_quality,
        coalesce(try_cast(history_id as bigint), 0) as order_hint,
        actor_type,
        case
            when actor_type = 'customer' then 'in'
            when event_kind = 'ticket_solved' then 'out'
            else 'internal'
        end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        case
            when event_kind = 'ticket_status_changed'
                then concat('{"status": "', replace(replace(to_name, chr(92), ''), '"', ''), '"}')
        end as attributes,
        _file_id,
        _line
    from told_move
    union all
    select
        'comments' as stream,
        concat('comment:', comment.comment_id) as natural_key,
        comment.issue_id,
        'ticket_reply' as event_kind,
        comment.created_at as occurred_at,
        'exact' as ts_quality,
        coalesce(try_cast(comment.comment_id as bigint), 0) as order_hint,
        case
            when comment.author_id = issue.reporter_id then 'customer'
            when comment.author_kind = 'customer' then 'customer'
            when comment.author_kind = 'app' then 'bot'
            else 'agent'
        end as actor_type,
        case
            when comment.author_id = issue.reporter_id then 'in'
            when comment.author_kind = 'customer' then 'in'
            else 'out'
        end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        comment._file_id,
        comment._line
    from stg_jira__comments as comment
    -- many to at most one
    left join issue on comment.issue_id = issue.issue_id
    where coalesce(comment.is_public, not coalesce(comment.is_internal, false))
        and not coalesce(comment.is_internal, false)
        and comment.limited_to is null

)

select
    happened.stream,
    happened.natural_key,
    happened.event_kind,
    coalesce(about.activity, 'Тикет') as activity_raw,
    happened.occurred_at,
    happened.ts_quality,
    happened.order_hint,
    happened.actor_type,
    coalesce(about.channel, 'portal') as channel,
    happened.direction,
    happened.score_raw,
    happened.score_norm,
    about.exclude,
    about.exclude_reason,
    happened.attributes,
    happened._file_id as file_id,
    happened._line as line
from happened
-- many to at most one
left join about on happened.issue_id = about.issue_id
