-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_intercom__conversations, stg_intercom__parts
-- why: what customers say in their own words: the first message, replies, and the remark on a rating
select
    'conversations' as stream,
    concat('conversation:', conversation_id, ':created') as natural_key,
    concat_ws(chr(10), subject, body) as text
from stg_intercom__conversations
where author_type in ('user', 'lead', 'contact')
    and (subject is not null or body is not null)
union all
select
    'conversations' as stream,
    concat('conversation:', conversation_id, ':csat') as natural_key,
    rating_remark as text
from stg_intercom__conversations
where rating is not null and rating_remark is not null
union all
select
    'parts' as stream,
    concat('part:', part_id, ':reply') as natural_key,
    body as text
from stg_intercom__parts
where author_type in ('user', 'lead', 'contact')
    and part_type in ('comment', 'quick_reply', 'open', 'close')
    and body is not null
    and not coalesce(is_redacted, false)
