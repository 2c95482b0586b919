-- model: event_identifiers
-- layer: events
-- grain: one row per call and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_segment__aliases, stg_segment__calls, stg_segment__identifies, stg_segment__pages, stg_segment__screens, stg_segment__tracks
-- why: the anonymous id ties calls of a browser; user id, address and phone tie browsers of a person
with

told as (

    select
        call_id,
        anonymous_id,
        user_id,
        cast(null as varchar) as previous_id,
        email,
        cast(null as varchar) as phone
    from stg_segment__tracks
    union all
    select
        call_id,
        anonymous_id,
        user_id,
        cast(null as varchar) as previous_id,
        email,
        cast(null as varchar) as phone
    from stg_segment__pages
    union all
    select
        call_id,
        anonymous_id,
        user_id,
        cast(null as varchar) as previous_id,
        email,
        cast(null as varchar) as phone
    from stg_segment__screens
    union all
    select
        call_id,
        anonymous_id,
        user_id,
        cast(null as varchar) as previous_id,
        email,
        phone
    from stg_segment__identifies
    union all
    select
        call_id,
        cast(null as varchar) as anonymous_id,
        user_id,
        previous_id,
        cast(null as varchar) as email,
        cast(null as varchar) as phone
    from stg_segment__aliases
    union all
    select
        call_id,
        anonymous_id,
        user_id,
        previous_id,
        email,
        cast(null as varchar) as phone
    from stg_segment__calls

),

named as (

    -- the same call may lie in a table and in the archive: what either knows counts, once
    select
        call_id,
        'segment_anonymous' as kind,
        anonymous_id as value
    from told
    where anonymous_id is not null
    union
    select
        call_id,
        -- what somebody was called before he logged in
        'segment_anonymous' as kind,
        previous_id as value
    from told
    where previous_id is not null
    union
    select
        call_id,
        -- many sites send the address as the user id
        case when position('@' in user_id) > 0 then 'email' else 'user_id' end as kind,
        case when position('@' in user_id) > 0 then lower(user_id) else user_id end as value
    from told
    where user_id is not null
    union
    select
        call_id,
        'email' as kind,
        email as value
    from told
    where email is not null
    union
    select
        call_id,
        'phone' as kind,
        phone as value
    from told
    where phone is not null

)

select
    'calls' as stream,
    call_id as natural_key,
    kind,
    value
from named
