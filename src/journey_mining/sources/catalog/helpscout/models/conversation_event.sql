-- model: conversation_event
-- layer: events
-- grain: one row per event of a conversation
-- key: stream, natural_key
-- reads: int_helpscout__changed, int_helpscout__thread, stg_helpscout__conversations, stg_helpscout__ratings
-- why: the events of each conversation and who acted, for identifiers and objects alike
select
    'conversations' as stream,
    concat('conversation:', conversation_id, ':created') as natural_key,
    conversation_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from stg_helpscout__conversations
union all
select
    'conversations' as stream,
    concat('conversation:', conversation.conversation_id, ':solved') as natural_key,
    conversation.conversation_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from stg_helpscout__conversations as conversation
where conversation.status = 'closed'
    and not exists (
        select 1 as found
        from int_helpscout__changed as changed
        where changed.conversation_id = conversation.conversation_id
            and (changed.status = 'closed' or changed.event_kind = 'ticket_merged')
    )
union all
select
    'threads' as stream,
    concat('thread:', thread_id) as natural_key,
    conversation_id,
    case when author = 'customer' then author_id end as author_id,
    case when author = 'customer' then author_email end as author_email
from int_helpscout__thread
where is_message = 1 and is_opening = 0
union all
select
    'threads' as stream,
    concat('thread:', thread_id, ':status') as natural_key,
    conversation_id,
    cast(null as varchar) as author_id,
    cast(null as varchar) as author_email
from int_helpscout__changed
union all
select
    'ratings' as stream,
    concat('rating:', rating_id) as natural_key,
    conversation_id,
    customer_id as author_id,
    email as author_email
from stg_helpscout__ratings
where rating <> 'unknown'
