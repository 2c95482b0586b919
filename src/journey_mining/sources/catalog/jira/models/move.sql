-- model: move
-- layer: events
-- grain: one row per change that moves an issue
-- key: history_id, item_no
-- reads: int_jira__issue, stg_jira__changes
-- why: says once which changes are events: a resolution tells more than the status that comes with it
with

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

)

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
inner join int_jira__issue as issue on change.issue_id = issue.issue_id
where (change.field = 'status' and change.has_resolution = 0)
    or (
        change.field = 'resolution'
        and (change.from_id is null or change.to_id is null)
        and coalesce(change.from_id, change.to_id) is not null
    )
