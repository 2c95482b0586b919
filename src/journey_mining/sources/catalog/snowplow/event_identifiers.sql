-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_snowplow__events
-- why: two cookies tie events of a browser; the user id, where the site sends it, ties browsers of a person
select
    'events' as stream,
    event_id as natural_key,
    'domain_userid' as kind,
    domain_userid as value
from stg_snowplow__events
where domain_userid is not null
union all
select
    'events' as stream,
    event_id as natural_key,
    'network_userid' as kind,
    network_userid as value
from stg_snowplow__events
where network_userid is not null
union all
select
    'events' as stream,
    event_id as natural_key,
    -- many sites send the address as the user id
    case when position('@' in user_id) > 0 then 'email' else 'user_id' end as kind,
    case when position('@' in user_id) > 0 then lower(user_id) else user_id end as value
from stg_snowplow__events
where user_id is not null
