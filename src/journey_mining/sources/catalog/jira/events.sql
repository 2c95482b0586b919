-- model: events
-- layer: events
-- grain: one row per issue opened, reply, change of status, solving, reopening, rating
-- key: stream, natural_key
-- reads: int_jira__issue, int_jira__move, stg_jira__changes, stg_jira__comments, stg_jira__issue_list__labels, stg_jira__issues__labels
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
    from int_jira__issue as issue
    -- one to at most one
    left join matter on issue.issue_id = matter.issue_id

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
    from int_jira__move

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
    from int_jira__issue
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
    from int_jira__issue as issue
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
    from int_jira__issue as issue
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
    left join int_jira__issue as issue on comment.issue_id = issue.issue_id
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
