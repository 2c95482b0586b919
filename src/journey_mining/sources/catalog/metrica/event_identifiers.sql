-- model: event_identifiers
-- layer: events
-- grain: one row per hit and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_metrica__hits
-- why: the browser's cookie, and on logged-in pages the contact behind it
select
    'hits' as stream,
    concat('hit:', watch_id) as natural_key,
    'ym_client' as kind,
    client_id as value
from stg_metrica__hits
where client_id is not null
union all
select
    'hits' as stream,
    concat('hit:', watch_id) as natural_key,
    'b24_contact' as kind,
    contact_id as value
from stg_metrica__hits
where contact_id is not null
