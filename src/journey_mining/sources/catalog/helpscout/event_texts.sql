-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_helpscout__conversations, stg_helpscout__threads, stg_helpscout__ratings
-- why: what customers say in their own words: the first message with its subject, replies, comments on ratings
with

written as (

    select
        told.thread_id,
        told.conversation_id,
        told.body,
        case
            when row_number() over (
                partition by told.conversation_id
                order by told.created_at, length(told.thread_id), told.thread_id
            ) = 1
            and told.created_at <= conversation.created_at + interval '60' second
                then 1
            else 0
        end as is_opening,
        case
            when told.author_type = 'customer'
                and told.kind in ('customer', 'chat', 'beaconchat', 'phone')
                and coalesce(told.state, 'published') = 'published'
                then 1
            else 0
        end as is_own
    from stg_helpscout__threads as told
    -- many to one
    inner join stg_helpscout__conversations as conversation
        on told.conversation_id = conversation.conversation_id
    where coalesce(told.state, 'published') <> 'draft'

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
    and written.is_own = 1
where coalesce(conversation.creator_type, 'customer') <> 'user'
    and (conversation.subject is not null or written.body is not null)
union all
select
    'threads' as stream,
    concat('thread:', thread_id) as natural_key,
    body as text
from written
where is_opening = 0 and is_own = 1 and body is not null
union all
select
    'ratings' as stream,
    concat('rating:', rating_id) as natural_key,
    comments as text
from stg_helpscout__ratings
where comments is not null and rating <> 'unknown'
