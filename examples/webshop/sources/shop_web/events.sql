-- model: events
-- layer: events
-- grain: one row per page event
-- key: stream, natural_key
-- reads: stg_shop_web__pages
-- why: the data set marks ends of paths with rows that no visitor made; they are kept, and kept out of journeys
select
    'pages' as stream,
    _row_key as natural_key,
    'pageview' as event_kind,
    page as activity_raw,
    seen_at as occurred_at,
    'customer' as actor_type,
    'web' as channel,
    concat('/', page) as url_path,
    case when page in ('lost', 'passed') then 'test' end as exclude,
    case when page in ('lost', 'passed') then 'artificial end of a path' end as exclude_reason,
    _file_id as file_id,
    _line as line
from stg_shop_web__pages
