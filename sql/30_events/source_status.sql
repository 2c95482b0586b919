-- model: source_status
-- layer: events
-- grain: one row per source of the project
-- key: source
-- reads: source_setting, stream_status, file_ledger
-- why: says how far each source can be trusted to be complete, which decides the observation window
with

known as (

    -- streams that never came, or that do not decide, say nothing of the source
    select
        stream.source,
        min(case when stream.decides_freshness then stream.first_event_at end) as first_event_at,
        min(case when stream.decides_freshness then stream.known_until end) as fresh_until,
        cast(sum(stream.event_count) as bigint) as event_count
    from stream_status as stream
    group by stream.source

),

delivered as (

    select
        ledger.source,
        count(*) filter (where ledger.status = 'loaded') as files_loaded,
        count(*) filter (where ledger.status = 'rejected') as files_rejected,
        sum(ledger.rows_read) as rows_read,
        sum(ledger.rows_accepted) as rows_accepted,
        sum(ledger.rows_quarantined) as rows_quarantined,
        sum(ledger.rows_collapsed) as rows_collapsed,
        sum(ledger.rows_superseded) as rows_superseded,
        sum(ledger.rows_deleted) as rows_deleted
    from file_ledger as ledger
    group by ledger.source

)

select
    setting.source,
    setting.system,
    setting.role,
    setting.is_decisive,
    known.first_event_at,
    known.fresh_until,
    coalesce(known.event_count, 0) as event_count,
    coalesce(delivered.files_loaded, 0) as files_loaded,
    coalesce(delivered.files_rejected, 0) as files_rejected,
    cast(coalesce(delivered.rows_read, 0) as bigint) as rows_read,
    cast(coalesce(delivered.rows_accepted, 0) as bigint) as rows_accepted,
    cast(coalesce(delivered.rows_quarantined, 0) as bigint) as rows_quarantined,
    cast(coalesce(delivered.rows_collapsed, 0) as bigint) as rows_collapsed,
    cast(coalesce(delivered.rows_superseded, 0) as bigint) as rows_superseded,
    cast(coalesce(delivered.rows_deleted, 0) as bigint) as rows_deleted
from source_setting as setting
-- one to at most one, each
left join known on setting.source = known.source
left join delivered on setting.source = delivered.source
