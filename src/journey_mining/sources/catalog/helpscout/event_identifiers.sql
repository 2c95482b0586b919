-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: stg_helpscout__conversations, stg_helpscout__threads, stg_helpscout__ratings, stg_helpscout__customers, stg_helpscout__customers__emails, stg_helpscout__customers__phones
-- why: conversations name a customer; what somebody else wrote into one is that person's own
with

thread as (

    select
        told.thread_id,
        told.conversation_id,
        told.created_at,
        told.status,
        told.action,
        told.author_id,
        told.author_email,
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
            from changed
            where changed.conversation_id = conversation.conversation_id
                and (changed.status = 'closed' or changed.action = 'merged')
        )
    union all
    select
        'threads' as stream,
        concat('thread:', thread_id) as natural_key,
        conversation_id,
        case when author = 'customer' then author_id end as author_id,
        case when author = 'customer' then author_email end as author_email
    from thread
    where is_message = 1 and is_opening = 0
    union all
    select
        'threads' as stream,
        concat('thread:', thread_id, ':status') as natural_key,
        conversation_id,
        cast(null as varchar) as author_id,
        cast(null as varchar) as author_email
    from changed
    union all
    select
        'ratings' as stream,
        concat('rating:', rating_id) as natural_key,
        conversation_id,
        customer_id as author_id,
        email as author_email
    from stg_helpscout__ratings
    where rating <> 'unknown'

),

known as (

    select customer_id, 'email' as kind, item as value from stg_helpscout__customers__emails
    union all
    select customer_id, 'phone' as kind, item as value from stg_helpscout__customers__phones
    union all
    -- numbers only: an address kept there would be published as it is
    select customer_id, 'crm_id' as kind, crm_id as value
    from stg_helpscout__customers
    where crm_id not like '%@%' and crm_id not like '+%'

),

person as (

    select
        happened.stream,
        happened.natural_key,
        coalesce(happened.author_id, conversation.customer_id) as customer_id,
        case
            when coalesce(happened.author_id, conversation.customer_id) = conversation.customer_id
                then coalesce(happened.author_email, conversation.email)
            else happened.author_email
        end as email
    from happened
    -- many to at most one
    left join stg_helpscout__conversations as conversation
        on happened.conversation_id = conversation.conversation_id

),

bound as (

    select stream, natural_key, 'helpscout_customer' as kind, customer_id as value from person
    union all
    select stream, natural_key, 'email' as kind, email as value from person
    union all
    select person.stream, person.natural_key, known.kind, known.value
    from person
    -- many to many: each event carries all that is known of its customer
    inner join known on person.customer_id = known.customer_id

)

select
    stream,
    natural_key,
    kind,
    value
from bound
where value is not null
group by
    stream,
    natural_key,
    kind,
    value
