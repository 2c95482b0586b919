-- model: load_problem
-- layer: events
-- grain: one row per rejected file, per file and reason of quarantined rows or values in doubt, and per failed check
-- key: source, stream, path, code, message
-- reads: file_ledger, quarantine, value_warning, source_check
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
    case
        when warning.reason = 'DUP_KEY_CONFLICT'
            then concat('rows that differ from the one kept of their key: ', warning.column_name)
        when warning.reason = 'TZ_AMBIGUOUS'
            then concat('times that a change of the clocks makes doubtful: ', warning.column_name)
        else concat('values left out: ', warning.column_name)
    end as message,
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
    warning.column_name
union all
select
    failed.source,
    failed.stream,
    concat('checks/', failed.check_name, '.sql') as path,
    concat('CHECK_', failed.check_name) as code,
    failed.why as message,
    failed.row_count
from source_check as failed
where failed.row_count > 0
