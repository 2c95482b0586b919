-- model: loaded_file
-- layer: events
-- grain: one row per delivered file that was taken, and per stream that took rows of it
-- key: file_id, source, stream
-- reads: file_ledger
-- not_null: path, rows_read
-- why: whoever doubts a number sees which files it was made from, by the hash of their contents
select
    ledger.file_id,
    ledger.source,
    ledger.stream,
    min(ledger.path) as path,
    max(ledger.snapshot_at) as snapshot_at,
    cast(max(ledger.rows_read) as bigint) as rows_read,
    cast(max(ledger.rows_accepted) as bigint) as rows_accepted,
    cast(max(ledger.rows_quarantined) as bigint) as rows_quarantined,
    cast(max(ledger.rows_collapsed) as bigint) as rows_collapsed
from file_ledger as ledger
where ledger.status = 'loaded'
group by
    ledger.file_id,
    ledger.source,
    ledger.stream
