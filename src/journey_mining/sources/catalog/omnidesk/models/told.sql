-- model: told
-- layer: events
-- grain: one row per event of a case
-- key: stream, natural_key
-- reads: int_omnidesk__talk, stg_omnidesk__cases, stg_omnidesk__cases__version, stg_omnidesk__changes
-- why: says once which cases, messages and changes are events, and what they are called
with

change as (

    select
        concat('case:', change.case_id, ':change:', change._row_key) as natural_key,
        change.case_id,
        change.made_at,
        change.made_by,
        change.old_value,
        change.new_value,
        change._file_id,
        change._line
    from stg_omnidesk__changes as change
    inner join stg_omnidesk__cases as desk_case on change.case_id = desk_case.case_id
    where change.what = 'status' and coalesce(change.new_value, '') <> ''

),

closed as (

    -- without a log of its changes, a case still says when it was closed
    select
        desk_case.case_id,
        desk_case.closed_at,
        desk_case._file_id,
        desk_case._line
    from stg_omnidesk__cases as desk_case
    where desk_case.closed_at is not null
        and not exists (
            select 1 as found
            from stg_omnidesk__changes as change
            where change.case_id = desk_case.case_id and change.what = 'status'
        )

),

rated as (

    -- a rating has no time of its own: the first state that showed it stands for it
    select
        version.case_id,
        version.rating,
        min(coalesce(version.updated_at, version.created_at)) as rated_at
    from stg_omnidesk__cases__version as version
    inner join stg_omnidesk__cases as desk_case
        on version.case_id = desk_case.case_id and version.rating = desk_case.rating
    group by
        version.case_id,
        version.rating

)

select
    'cases' as stream,
    concat('case:', desk_case.case_id, ':created') as natural_key,
    desk_case.case_id,
    'ticket_created' as event_kind,
    'Тикет' as activity_raw,
    desk_case.created_at as occurred_at,
    'exact' as ts_quality,
    0 as order_hint,
    case when talk.staff_id is not null then 'agent' else 'customer' end as actor_type,
    case when talk.staff_id is not null then 'out' else 'in' end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    desk_case._file_id,
    desk_case._line
from stg_omnidesk__cases as desk_case
-- one to at most one
left join int_omnidesk__talk as talk on desk_case.case_id = talk.case_id and talk.message_no = 1
union all
select
    'messages' as stream,
    concat('message:', message_id) as natural_key,
    case_id,
    'ticket_reply' as event_kind,
    case
        when user_id is not null then 'Сообщение клиента'
        when is_by_rule then 'Автоматический ответ'
        else 'Ответ поддержки'
    end as activity_raw,
    created_at as occurred_at,
    'exact' as ts_quality,
    1 as order_hint,
    case
        when user_id is not null then 'customer'
        when is_by_rule then 'bot'
        else 'agent'
    end as actor_type,
    case when user_id is not null then 'in' else 'out' end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    _file_id,
    _line
from int_omnidesk__talk
where message_no > 1
union all
select
    'changes' as stream,
    natural_key,
    case_id,
    case
        when new_value = 'closed' then 'ticket_solved'
        when old_value = 'closed' then 'ticket_reopened'
        else 'ticket_status_changed'
    end as event_kind,
    concat('Статус: ', new_value) as activity_raw,
    made_at as occurred_at,
    'exact' as ts_quality,
    2 as order_hint,
    case
        when made_by like 'staff%' then 'agent'
        when made_by like 'user%' then 'customer'
        else 'system'
    end as actor_type,
    cast(null as varchar) as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    _file_id,
    _line
from change
union all
select
    'cases' as stream,
    concat('case:', case_id, ':closed') as natural_key,
    case_id,
    'ticket_solved' as event_kind,
    'Статус: closed' as activity_raw,
    closed_at as occurred_at,
    'exact' as ts_quality,
    2 as order_hint,
    'agent' as actor_type,
    cast(null as varchar) as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    _file_id,
    _line
from closed
union all
select
    'cases' as stream,
    concat('case:', rated.case_id, ':csat') as natural_key,
    rated.case_id,
    'csat' as event_kind,
    'Оценка поддержки' as activity_raw,
    rated.rated_at as occurred_at,
    'approx' as ts_quality,
    3 as order_hint,
    'customer' as actor_type,
    'in' as direction,
    rated.rating as score_raw,
    case
        when rated.rating in ('high', 'good') then 1.0
        when rated.rating in ('middle', 'medium') then 0.5
        when rated.rating in ('low', 'bad') then 0.0
    end as score_norm,
    desk_case._file_id,
    desk_case._line
from rated
inner join stg_omnidesk__cases as desk_case on rated.case_id = desk_case.case_id
