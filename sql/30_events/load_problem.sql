-- model: load_problem
-- layer: events
-- grain: one row per rejected file, and per file and reason of quarantined rows or left-out values
-- key: source, stream, path, code, message
-- reads: file_ledger, quarantine, value_warning
-- why: what was not taken is shown on the data page, never passed over in silence
select
    ledger.source,
    ledger.stream,
    ledger.path,
    ledger.error_code as code,
    ledger.error_text as message,
    cast(0 as bigint) as row_count
from file_ledger as ledger
where ledger.status = 'rejected'
group by
    ledger.source,
    ledger.stream,
    ledger.path,
    ledger.error_code,
    ledger.error_text
union all
select
    ledger.source,
    ledger.stream,
    ledger.path,
    refused.reason as code,
    concat('rows not taken: ', coalesce(refused.column_name, 'the whole row')) as message,
    count(*) as row_count
from quarantine as refused
-- many to one
inner join file_ledger as ledger
    on refused.file_id = ledger.file_id
    and refused.source = ledger.source
    and refused.stream = ledger.stream
group by
    ledger.source,
    ledger.stream,
    ledger.path,
    refused.reason,
    concat('rows not taken: ', coalesce(refused.column_name, 'the whole row'))
union all
select
    ledger.source,
    ledger.stream,
    ledger.path,
    warning.reason as code,
    concat('values left out: ', warning.column_name) as message,
    cast(sum(warning.row_count) as bigint) as row_count
from value_warning as warning
-- many to one
inner join file_ledger as ledger
    on warning.file_id = ledger.file_id
    and warning.source = ledger.source
    and warning.stream = ledger.stream
group by
    ledger.source,
    ledger.stream,
    ledger.path,
    warning.reason,
    concat('values left out: ', warning.column_name)
