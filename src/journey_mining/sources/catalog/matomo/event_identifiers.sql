-- model: event_identifiers
-- layer: events
-- grain: one row per action and identifier
-- key: stream, natural_key, kind, value
-- reads: stg_matomo__actions
-- why: the cookie ties visits of a browser; the user id, where the site sends it, ties browsers of a person
select
    'actions' as stream,
    concat('visit:', site_id, ':', visit_id, ':', cast(action_no as varchar)) as natural_key,
    'matomo_visitor' as kind,
    visitor_id as value
from stg_matomo__actions
where visitor_id is not null
union all
select
    'actions' as stream,
    concat('visit:', site_id, ':', visit_id, ':', cast(action_no as varchar)) as natural_key,
    -- many sites send the address as the user id
    case when position('@' in user_id) > 0 then 'email' else 'user_id' end as kind,
    case when position('@' in user_id) > 0 then lower(user_id) else user_id end as value
from stg_matomo__actions
where user_id is not null
