-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_freshdesk__ticket_list, stg_freshdesk__tickets, stg_freshdesk__conversations, stg_freshdesk__ratings
-- why: what customers say in their own words: the first message, replies, and the comment on a rating
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':created') as natural_key,
    concat_ws(chr(10), subject, body) as text
from stg_freshdesk__tickets
where coalesce(lower(source), '') <> 'outbound email'
    and (subject is not null or body is not null)
union all
select
    'ticket_list' as stream,
    concat('ticket:', listed.ticket_id, ':created') as natural_key,
    listed.subject as text
from stg_freshdesk__ticket_list as listed
where coalesce(lower(listed.source), '') <> 'outbound email'
    and listed.subject is not null
    and not exists (
        select 1 as found
        from stg_freshdesk__tickets as told
        where told.ticket_id = listed.ticket_id
    )
union all
select
    'conversations' as stream,
    concat('message:', message_id) as natural_key,
    body as text
from stg_freshdesk__conversations
where is_incoming
    and not is_private
    and coalesce(origin, '0') <> '6'
    and body is not null
union all
select
    'ratings' as stream,
    concat('rating:', rating_id) as natural_key,
    feedback as text
from stg_freshdesk__ratings
where feedback is not null and abs(rating) between 100 and 103
