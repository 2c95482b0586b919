-- model: event_identifier
-- layer: events
-- grain: one row per event and identifier that stands on it
-- key: event_id, kind, value
-- reads: source_identifier, identifier_token, event
-- why: the only link between events and people; values are hashed unless they are a system's record numbers
select
    event.event_id,
    token.kind,
    token.value,
    -- several plain spellings may share a token; any reason to block it counts
    min(token.blocked_reason) as blocked_reason,
    -- an address of the company itself says whose event it is not
    max(case when token.is_internal then 1 else 0 end) = 1 as is_internal
from source_identifier as identifier
-- many to one
inner join identifier_token as token
    on identifier.kind = token.kind
    and identifier.value = token.plain_value
-- many to one
inner join event
    on identifier.source = event.source
    and identifier.stream = event.stream
    and identifier.natural_key = event.natural_key
group by
    event.event_id,
    token.kind,
    token.value
