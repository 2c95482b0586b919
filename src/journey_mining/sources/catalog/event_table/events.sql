-- model: events
-- layer: events
-- grain: one row per row of the table
-- key: stream, natural_key
-- reads: int_event_table__completed, stg_event_table__csv_rows, stg_event_table__parquet_rows, stg_event_table__xlsx_rows
-- why: tables in three formats, one meaning; an activity that tells start and end in two rows is one event, at its end
with

adapted as (

    select
        -- ADAPT: the channel of activities that name none
        'crm' as usual_channel,
        -- ADAPT: who does what names a resource that is not one of our own words
        'agent' as named_actor,
        -- ADAPT: who does what names no resource
        'system' as unnamed_actor

),

row_told as (

    select
        'csv_rows' as stream,
        _row_key,
        _line,
        _file_id,
        case_id,
        activity,
        occurred_at,
        time_kind,
        started_at,
        sorting,
        lifecycle,
        resource,
        channel,
        customer_id,
        customer_type,
        amount
    from stg_event_table__csv_rows
    union all
    select
        'xlsx_rows' as stream,
        _row_key,
        _line,
        _file_id,
        case_id,
        activity,
        occurred_at,
        time_kind,
        started_at,
        sorting,
        lifecycle,
        resource,
        channel,
        customer_id,
        customer_type,
        amount
    from stg_event_table__xlsx_rows
    union all
    select
        'parquet_rows' as stream,
        _row_key,
        _line,
        _file_id,
        case_id,
        activity,
        occurred_at,
        time_kind,
        started_at,
        sorting,
        lifecycle,
        resource,
        channel,
        customer_id,
        customer_type,
        amount
    from stg_event_table__parquet_rows

)

select
    happened.stream,
    concat('row:', happened._row_key) as natural_key,
    'activity' as event_kind,
    happened.activity as activity_raw,
    happened.occurred_at,
    case
        when happened.time_kind = 'date' then 'date_only'
        when happened.time_kind = 'offset' then 'exact'
        else 'assumed_tz'
    end as ts_quality,
    coalesce(happened.sorting, happened._line) as order_hint,
    case
        when lower(happened.resource) in ('customer', 'agent', 'system', 'bot')
            then lower(happened.resource)
        when happened.resource is null then adapted.unnamed_actor
        else adapted.named_actor
    end as actor_type,
    case
        when
            lower(happened.channel) in (
                'crm', 'web', 'email', 'chat', 'phone', 'portal', 'messenger', 'social', 'survey', 'store'
            )
            then lower(happened.channel)
        else adapted.usual_channel
    end as channel,
    cast(happened.amount as double) as amount,
    happened.customer_type,
    case
        when happened.started_at is not null
            then concat('{"started_at": "', cast(happened.started_at as varchar), '"}')
    end as attributes,
    happened._file_id as file_id,
    happened._line as line
from row_told as happened
cross join adapted
-- many to at most one
left join int_event_table__completed as completed
    on happened.stream = completed.stream
    and happened.case_id = completed.case_id
    and happened.activity = completed.activity
where coalesce(lower(happened.lifecycle), 'complete') = 'complete' or completed.case_id is null
