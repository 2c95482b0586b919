-- model: source_day
-- layer: gates
-- grain: one row per source and day (UTC) on which something happened there
-- key: source, day
-- reads: event
-- why: a delivery that is half as large as usual shows in its days, whatever its files are called
select
    event.source,
    date_trunc('day', event.occurred_at) as day,
    count(*) as event_count
from event
where event.occurred_at is not null
group by
    event.source,
    date_trunc('day', event.occurred_at)
