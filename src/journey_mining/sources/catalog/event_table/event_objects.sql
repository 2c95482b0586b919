-- model: event_objects
-- layer: events
-- grain: one row per event
-- key: stream, natural_key, object_type, object_id
-- reads: int_event_table__completed, stg_event_table__csv_rows, stg_event_table__parquet_rows, stg_event_table__xlsx_rows
-- why: the events of a case belong together; its name may be an address, so that a hash stands for it
with

row_told as (

    select
        'csv_rows' as stream,
        _row_key,
        case_id,
        activity,
        lifecycle
    from stg_event_table__csv_rows
    union all
    select
        'xlsx_rows' as stream,
        _row_key,
        case_id,
        activity,
        lifecycle
    from stg_event_table__xlsx_rows
    union all
    select
        'parquet_rows' as stream,
        _row_key,
        case_id,
        activity,
        lifecycle
    from stg_event_table__parquet_rows

)

select
    happened.stream,
    concat('row:', happened._row_key) as natural_key,
    'case' as object_type,
    md5(happened.case_id) as object_id,
    'of' as qualifier
from row_told as happened
-- many to at most one
left join int_event_table__completed as completed
    on happened.stream = completed.stream
    and happened.case_id = completed.case_id
    and happened.activity = completed.activity
where coalesce(lower(happened.lifecycle), 'complete') = 'complete' or completed.case_id is null
