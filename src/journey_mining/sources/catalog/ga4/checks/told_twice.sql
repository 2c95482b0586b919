-- model: told_twice
-- layer: events
-- grain: one row per event of a browser that is there several times
-- key: event_on, pseudo_id, occurred_at, name
-- reads: stg_ga4__events
-- severity: warn
-- why: a day exported again in a file without a date of drawing stands beside the first export, and what Google has mended since counts twice
select
    event_on,
    pseudo_id,
    occurred_at,
    name,
    count(*) as row_count
from stg_ga4__events
where index_no is not null and pseudo_id is not null
group by
    event_on,
    pseudo_id,
    occurred_at,
    name,
    page_no,
    batch_no,
    index_no,
    bundle_no
having count(*) > 1
