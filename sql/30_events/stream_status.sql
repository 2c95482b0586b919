-- model: stream_status
-- layer: events
-- grain: one row per stream of each source
-- key: source, stream
-- reads: stream_setting, file_ledger, event
-- not_null: decides_freshness, event_count
-- why: says up to when each kind of file is known; a source is no fresher than the stalest of those that decide
with

happened as (

    select
        event.source,
        event.stream,
        min(event.occurred_at) as first_event_at,
        max(event.occurred_at) as last_event_at,
        count(*) as event_count
    from event
    group by
        event.source,
        event.stream

),

-- a snapshot without recent events is still fresh: nothing happened until it was drawn;
-- and what changed last need not be an event
known_moment as (

    select
        happened.source,
        happened.stream,
        happened.last_event_at as known_until
    from happened
    union all
    select
        ledger.source,
        ledger.stream,
        ledger.snapshot_at as known_until
    from file_ledger as ledger
    where ledger.status = 'loaded'
    union all
    select
        setting.source,
        setting.stream,
        setting.changed_at as known_until
    from stream_setting as setting

),

known_stream as (

    select
        known_moment.source,
        known_moment.stream,
        max(known_moment.known_until) as known_until
    from known_moment
    group by
        known_moment.source,
        known_moment.stream

)

select
    setting.source,
    setting.stream,
    setting.decides_freshness,
    happened.first_event_at,
    known_stream.known_until,
    coalesce(happened.event_count, 0) as event_count
from stream_setting as setting
-- one to one
inner join known_stream
    on setting.source = known_stream.source
    and setting.stream = known_stream.stream
-- one to at most one
left join happened
    on setting.source = happened.source
    and setting.stream = happened.stream
