-- model: event_objects
-- layer: events
-- grain: one row per event and its conversation or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: stg_helpscout__conversations, stg_helpscout__threads, stg_helpscout__ratings, stg_helpscout__customers
-- why: binds the events of one conversation, and the conversations of one organisation
with

thread as (

    select
        told.thread_id,
        told.conversation_id,
        told.created_at,
        told.status,
        told.action,
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
        end as is_opening
    from stg_helpscout__threads as told
    -- many to one: threads of deleted conversations are left out
    inner join stg_helpscout__conversations as conversation
        on told.conversation_id = conversation.conversation_id
    where coalesce(told.state, 'published') <> 'draft'

),

stated as (

    -- most threads say that nothing changes; some repeat the status that already holds
    select
        thread_id,
        conversation_id,
        created_at,
        status,
        action,
        is_opening,
        lag(status) over (
            partition by conversation_id
            order by created_at, length(thread_id), thread_id
        ) as previous_status
    from thread
    where status in ('active', 'pending', 'closed') or action = 'merged'

),

changed as (

    select
        thread_id,
        conversation_id,
        status,
        action
    from stated
    where is_opening = 0
        and (action = 'merged' or coalesce(previous_status, '') <> status)

),

happened as (

    select
        'conversations' as stream,
        concat('conversation:', conversation_id, ':created') as natural_key,
        conversation_id
    from stg_helpscout__conversations
    union all
    select
        'conversations' as stream,
        concat('conversation:', conversation.conversation_id, ':solved') as natural_key,
        conversation.conversation_id
    from stg_helpscout__conversations as conversation
    where conversation.status = 'closed'
        and not exists (
            select 1 as found
            from changed
            where changed.conversation_id = conversation.conversation_id
                and (changed.status = 'closed' or changed.action = 'merged')
        )
    union all
    select
        'threads' as stream,
        concat('thread:', thread_id) as natural_key,
        conversation_id
    from thread
    where is_message = 1 and is_opening = 0
    union all
    select
        'threads' as stream,
        concat('thread:', thread_id, ':status') as natural_key,
        conversation_id
    from changed
    union all
    select
        'ratings' as stream,
        concat('rating:', rating_id) as natural_key,
        conversation_id
    from stg_helpscout__ratings
    where rating <> 'unknown'

)

select
    stream,
    natural_key,
    'ticket' as object_type,
    conversation_id as object_id,
    'subject' as qualifier
from happened
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    customer.org_id as object_id,
    'account' as qualifier
from happened
-- many to one
inner join stg_helpscout__conversations as conversation
    on happened.conversation_id = conversation.conversation_id
-- many to one
inner join stg_helpscout__customers as customer
    on conversation.customer_id = customer.customer_id
where customer.org_id is not null
