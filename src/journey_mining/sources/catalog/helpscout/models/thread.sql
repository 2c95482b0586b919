-- model: thread
-- layer: events
-- grain: one row per thread of a conversation
-- key: thread_id
-- reads: stg_helpscout__conversations, stg_helpscout__threads
-- why: says once which threads are messages, who wrote them, and which began the conversation
select
    told.thread_id,
    told.conversation_id,
    told.created_at,
    told.kind,
    told.status,
    told.action,
    told.author_id,
    told.author_email,
    told.body,
    case when told.author_type = 'customer' then 'customer' else 'agent' end as author,
    case
        when told.kind in ('customer', 'message', 'chat', 'beaconchat', 'phone')
            and coalesce(told.state, 'published') = 'published'
            and told.body is not null
            then 1
        else 0
    end as is_message,
    -- the thread that began the conversation is the conversation
    case
        when row_number() over (
            partition by told.conversation_id
            order by told.created_at, length(told.thread_id), told.thread_id
        ) = 1
        and told.created_at <= conversation.created_at + interval '60' second
            then 1
        else 0
    end as is_opening,
    try_cast(told.thread_id as bigint) as id_no,
    told._file_id,
    told._line
from stg_helpscout__threads as told
-- many to one: threads of deleted conversations are left out
inner join stg_helpscout__conversations as conversation
    on told.conversation_id = conversation.conversation_id
where coalesce(told.state, 'published') <> 'draft'
