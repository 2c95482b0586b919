-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: int_helpscout__thread, stg_helpscout__conversations, stg_helpscout__ratings
-- why: what customers say in their own words: the first message with its subject, replies, comments on ratings
with

written as (

    select
        thread_id,
        conversation_id,
        body,
        is_opening
    from int_helpscout__thread
    -- a message is what an agent sends
    where is_message = 1 and author = 'customer' and kind <> 'message'

)

select
    'conversations' as stream,
    concat('conversation:', conversation.conversation_id, ':created') as natural_key,
    concat_ws(chr(10), conversation.subject, written.body) as text
from stg_helpscout__conversations as conversation
-- one to at most one
left join written
    on conversation.conversation_id = written.conversation_id
    and written.is_opening = 1
where coalesce(conversation.creator_type, 'customer') <> 'user'
    and (conversation.subject is not null or written.body is not null)
union all
select
    'threads' as stream,
    concat('thread:', thread_id) as natural_key,
    body as text
from written
where is_opening = 0
union all
select
    'ratings' as stream,
    concat('rating:', rating_id) as natural_key,
    comments as text
from stg_helpscout__ratings
where comments is not null and rating <> 'unknown'
