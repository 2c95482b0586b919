-- model: event_objects
-- layer: events
-- grain: one row per event and its review or app
-- key: stream, natural_key, object_type, object_id
-- reads: stg_google_play__reviews, stg_google_play__reviews__version
-- why: a review, its changes and its replies belong together, and all of them to one app
with

told as (

    select
        package,
        submitted_ms,
        concat('review:', package, ':', submitted_ms, ':', cast(coalesce(updated_ms, 0) as varchar)) as natural_key
    from stg_google_play__reviews__version
    group by
        package,
        submitted_ms,
        coalesce(updated_ms, 0)
    union all
    select
        package,
        submitted_ms,
        concat('review:', package, ':', submitted_ms, ':reply:', cast(replied_ms as varchar)) as natural_key
    from stg_google_play__reviews
    where replied_at is not null

)

select
    'reviews' as stream,
    natural_key,
    'review' as object_type,
    concat(package, ':', submitted_ms) as object_id,
    'subject' as qualifier
from told
union all
select
    'reviews' as stream,
    natural_key,
    'app' as object_type,
    package as object_id,
    'about' as qualifier
from told
