-- model: event_identifiers
-- layer: events
-- grain: one row per page event
-- key: stream, natural_key
-- reads: stg_shop_web__pages
-- why: the visitor's cookie is all there is
select
    'pages' as stream,
    _row_key as natural_key,
    'visitor' as kind,
    visitor_id as value
from stg_shop_web__pages
