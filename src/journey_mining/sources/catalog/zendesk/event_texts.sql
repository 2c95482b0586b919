-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: int_zendesk__reply, stg_zendesk__tickets
-- why: what customers say in their own words: the first message, replies, and the comment on a rating
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':created') as natural_key,
    concat_ws(chr(10), subject, description) as text
from stg_zendesk__tickets
where subject is not null or description is not null
union all
select
    'tickets' as stream,
    concat('ticket:', ticket_id, ':csat') as natural_key,
    csat_comment as text
from stg_zendesk__tickets
where csat_comment is not null and (csat like 'good%' or csat like 'bad%')
union all
select
    stream,
    concat('comment:', comment_id) as natural_key,
    body as text
from int_zendesk__reply
where is_opening = 0 and author = 'customer'
