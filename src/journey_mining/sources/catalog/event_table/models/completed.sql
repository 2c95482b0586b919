-- model: completed
-- layer: events
-- grain: one row per activity of a case that tells its end
-- key: stream, case_id, activity
-- reads: stg_event_table__csv_rows, stg_event_table__parquet_rows, stg_event_table__xlsx_rows
-- why: an activity that tells start and end in two rows is one event, at its end; all files leave out the same starts
with

row_told as (

    select
        'csv_rows' as stream,
        case_id,
        activity,
        lifecycle
    from stg_event_table__csv_rows
    union all
    select
        'xlsx_rows' as stream,
        case_id,
        activity,
        lifecycle
    from stg_event_table__xlsx_rows
    union all
    select
        'parquet_rows' as stream,
        case_id,
        activity,
        lifecycle
    from stg_event_table__parquet_rows

)

select
    stream,
    case_id,
    activity
from row_told
where lower(lifecycle) = 'complete'
group by
    stream,
    case_id,
    activity
