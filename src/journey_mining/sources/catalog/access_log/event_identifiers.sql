-- model: event_identifiers
-- layer: events
-- grain: one row per request
-- key: stream, natural_key, kind, value
-- reads: stg_access_log__requests
-- why: requests of one visit belong together, and nothing longer: an address is shared by offices and changes hands
with

gap as (

    select
        _row_key,
        ip,
        coalesce(agent, '') as agent,
        occurred_at,
        lag(occurred_at) over (
            partition by ip, coalesce(agent, '') order by occurred_at, _line, _row_key
        ) as seen_before_at
    from stg_access_log__requests

),

visit_start as (

    -- half an hour of silence ends a visit
    select
        _row_key,
        ip,
        agent,
        occurred_at,
        case
            when seen_before_at is null then occurred_at
            when occurred_at > seen_before_at + interval '30' minute then occurred_at
        end as started_at
    from gap

)

select
    'requests' as stream,
    _row_key as natural_key,
    'log_visit' as kind,
    concat(
        ip,
        '|',
        agent,
        '|',
        -- the latest beginning so far: beginnings grow with the requests
        cast(max(started_at) over (partition by ip, agent order by occurred_at) as varchar)
    ) as value
from visit_start
