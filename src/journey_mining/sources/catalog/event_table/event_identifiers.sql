-- model: event_identifiers
-- layer: events
-- grain: one row per event
-- key: stream, natural_key, kind, value
-- reads: int_event_table__completed, stg_event_table__csv_rows, stg_event_table__parquet_rows, stg_event_table__xlsx_rows
-- why: the customer says whose event it is, and the case where the table names no customers
with

row_told as (

    select
        'csv_rows' as stream,
        _row_key,
        case_id,
        activity,
        lifecycle,
        customer_id
    from stg_event_table__csv_rows
    union all
    select
        'xlsx_rows' as stream,
        _row_key,
        case_id,
        activity,
        lifecycle,
        customer_id
    from stg_event_table__xlsx_rows
    union all
    select
        'parquet_rows' as stream,
        _row_key,
        case_id,
        activity,
        lifecycle,
        customer_id
    from stg_event_table__parquet_rows

)

select
    happened.stream,
    concat('row:', happened._row_key) as natural_key,
    -- ADAPT: what a case or customer is. 'event_table_case': somebody whom no other source knows. 'user_id', 'crm_id',
    -- 'external_id', 'email', 'phone': called by what other sources call the person by, and joined to them
    'event_table_case' as kind,
    coalesce(happened.customer_id, happened.case_id) as value
from row_told as happened
-- many to at most one
left join int_event_table__completed as completed
    on happened.stream = completed.stream
    and happened.case_id = completed.case_id
    and happened.activity = completed.activity
where coalesce(lower(happened.lifecycle), 'complete') = 'complete' or completed.case_id is null
