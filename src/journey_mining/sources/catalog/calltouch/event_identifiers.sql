-- model: event_identifiers
-- layer: events
-- grain: one row per call and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_calltouch__calls
-- why: the one place where a telephone number and the cookies of a browser stand in one record
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'phone' as kind,
    phone as value
from stg_calltouch__calls
where phone is not null
union all
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'email' as kind,
    email as value
from stg_calltouch__calls
where email is not null
union all
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'ym_client' as kind,
    ym_client as value
from stg_calltouch__calls
where ym_client is not null
union all
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'ga_client' as kind,
    ga_client as value
from stg_calltouch__calls
where ga_client is not null
union all
select
    'calls' as stream,
    concat('call:', call_id) as natural_key,
    'calltouch_client' as kind,
    ct_client as value
from stg_calltouch__calls
where ct_client is not null
