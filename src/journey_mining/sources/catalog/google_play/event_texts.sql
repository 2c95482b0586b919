-- model: event_texts
-- layer: events
-- grain: one row per wording of a review that has words
-- key: stream, natural_key
-- reads: stg_google_play__reviews__version
-- why: the customer's own words; the developer's reply is not
with

wording as (

    select
        package,
        submitted_ms,
        coalesce(updated_ms, 0) as updated_ms,
        concat_ws(chr(10), title, body) as told,
        substr(lower(language), 1, 2) as device_language,
        row_number() over (
            partition by package, submitted_ms, coalesce(updated_ms, 0)
            order by coalesce(replied_ms, 0) desc, _row_hash desc, _file_id, _line
        ) as telling_no
    from stg_google_play__reviews__version

)

select
    'reviews' as stream,
    concat('review:', package, ':', submitted_ms, ':', cast(updated_ms as varchar)) as natural_key,
    told as text,
    -- the language of the device: where the letters can tell, they know better
    case when device_language not in ('ru', 'en') then device_language end as language
from wording
where telling_no = 1 and told <> ''
