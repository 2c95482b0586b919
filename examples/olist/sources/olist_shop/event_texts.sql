-- model: event_texts
-- layer: events
-- grain: one row per review that says something
-- key: stream, natural_key
-- reads: stg_olist_shop__reviews
-- why: what buyers wrote; the embedded engine does not read Portuguese and leaves it unscored
select
    'reviews' as stream,
    concat('review:', review_id, ':', order_id) as natural_key,
    concat_ws('. ', title, comment) as text,
    'pt' as language
from stg_olist_shop__reviews
where comment is not null
