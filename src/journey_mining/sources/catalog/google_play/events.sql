-- model: events
-- layer: events
-- grain: one row per wording of a review, and per reply of the developer
-- key: stream, natural_key
-- reads: stg_google_play__reviews, stg_google_play__reviews__version
-- why: whoever changes his review says something new at another time; what he said before stays said
with

wording as (

    -- of the lines that tell one wording, the one with the last reply
    select
        package,
        submitted_ms,
        coalesce(updated_ms, 0) as updated_ms,
        coalesce(updated_at, submitted_at) as said_at,
        case when coalesce(updated_at, submitted_at) > submitted_at then 1 else 0 end as is_changed,
        stars,
        app_version,
        _file_id,
        _line,
        row_number() over (
            partition by package, submitted_ms, coalesce(updated_ms, 0)
            order by coalesce(replied_ms, 0) desc, _row_hash desc, _file_id, _line
        ) as telling_no
    from stg_google_play__reviews__version

)

select
    'reviews' as stream,
    concat('review:', package, ':', submitted_ms, ':', cast(updated_ms as varchar)) as natural_key,
    'review' as event_kind,
    case when is_changed = 1 then 'Изменённый отзыв в Google Play' else 'Отзыв в Google Play' end as activity_raw,
    said_at as occurred_at,
    'customer' as actor_type,
    'store' as channel,
    'in' as direction,
    concat(cast(stars as varchar), '/5') as score_raw,
    (stars - 1) / 4.0 as score_norm,
    case
        when app_version is not null
            then concat('{"app_version": "', replace(replace(app_version, '\', ''), '"', ''), '"}')
    end as attributes,
    _file_id as file_id,
    _line as line
from wording
where telling_no = 1
union all
select
    'reviews' as stream,
    concat('review:', package, ':', submitted_ms, ':reply:', cast(replied_ms as varchar)) as natural_key,
    'ticket_reply' as event_kind,
    'Ответ на отзыв в Google Play' as activity_raw,
    replied_at as occurred_at,
    'agent' as actor_type,
    'store' as channel,
    'out' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    cast(null as varchar) as attributes,
    _file_id as file_id,
    _line as line
from stg_google_play__reviews
where replied_at is not null
