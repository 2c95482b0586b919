-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_posthog__events, stg_posthog__events_parquet
-- why: distinct_id is a browser before the login and a person after it; which of both, the events themselves say
with

told as (

    select
        event_uuid,
        name,
        distinct_id,
        anon_id,
        alias_id,
        device_id,
        login_id,
        email,
        1 as rank_no
    from stg_posthog__events
    union all
    select
        event_uuid,
        name,
        distinct_id,
        anon_id,
        alias_id,
        device_id,
        login_id,
        email,
        2 as rank_no
    from stg_posthog__events_parquet

),

first_told as (

    -- the same event may lie in files of both formats
    select
        event_uuid,
        min(rank_no) as rank_no
    from told
    group by event_uuid

),

picked as (

    select
        told.event_uuid,
        told.name,
        told.distinct_id,
        told.anon_id,
        told.alias_id,
        told.device_id,
        told.login_id,
        told.email
    from told
    -- many to one
    inner join first_told on told.event_uuid = first_told.event_uuid and told.rank_no = first_told.rank_no

),

login as (

    -- what somebody was identified as is a person for ever
    select login_id as used_id
    from picked
    where login_id is not null
    union
    select distinct_id as used_id
    from picked
    where name = '$identify'

),

browser as (

    select device_id as used_id
    from picked
    where device_id is not null
    union
    select anon_id as used_id
    from picked
    where anon_id is not null
    union
    select alias_id as used_id
    from picked
    where name = '$create_alias' and alias_id is not null

),

used as (

    select
        event_uuid,
        distinct_id as used_id
    from picked
    union
    select
        event_uuid,
        -- logged out and in again as somebody else on one computer: two people, not one
        anon_id as used_id
    from picked
    where anon_id is not null and anon_id not in (select used_id from login)
    union
    select
        event_uuid,
        alias_id as used_id
    from picked
    where name = '$create_alias' and alias_id is not null
    union
    select
        event_uuid,
        device_id as used_id
    from picked
    where device_id is not null

),

judged as (

    select
        used.event_uuid,
        used.used_id,
        case
            when login.used_id is not null then 'user_id'
            when browser.used_id is not null then 'posthog_anonymous'
            -- sent by a server, which knows its users
            else 'user_id'
        end as kind
    from used
    -- many to at most one, each
    left join login on used.used_id = login.used_id
    left join browser on used.used_id = browser.used_id

)

select
    'events' as stream,
    event_uuid as natural_key,
    -- many sites send the address as the user id
    case when kind = 'user_id' and position('@' in used_id) > 0 then 'email' else kind end as kind,
    case when kind = 'user_id' and position('@' in used_id) > 0 then lower(used_id) else used_id end as value
from judged
union
select
    'events' as stream,
    event_uuid as natural_key,
    'email' as kind,
    email as value
from picked
where email is not null
