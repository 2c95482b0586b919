-- model: event_objects
-- layer: events
-- grain: one row per event and its conversation or company
-- key: stream, natural_key, object_type, object_id
-- reads: stg_intercom__conversations, stg_intercom__parts, stg_intercom__contacts
-- why: binds the events of one conversation, and the conversations of one company
with

requester as (

    select
        conversation.conversation_id,
        conversation.state,
        conversation.rating,
        contact.company_id
    from stg_intercom__conversations as conversation
    -- many to at most one
    left join stg_intercom__contacts as contact
        on case
            when conversation.author_type in ('user', 'lead', 'contact') then conversation.author_id
            else conversation.contact_id
        end = contact.contact_id

),

happened as (

    select
        'conversations' as stream,
        concat('conversation:', conversation_id, ':created') as natural_key,
        conversation_id,
        company_id
    from requester
    union all
    select
        'conversations' as stream,
        concat('conversation:', conversation_id, ':csat') as natural_key,
        conversation_id,
        company_id
    from requester
    where rating is not null
    union all
    select
        'conversations' as stream,
        concat('conversation:', requester.conversation_id, ':solved') as natural_key,
        requester.conversation_id,
        requester.company_id
    from requester
    where requester.state = 'closed'
        and not exists (
            select 1 as found
            from stg_intercom__parts as part
            where part.conversation_id = requester.conversation_id
                and part.part_type = 'close'
        )
    union all
    select
        'parts' as stream,
        concat('part:', part.part_id, ':reply') as natural_key,
        part.conversation_id,
        requester.company_id
    from stg_intercom__parts as part
    -- many to at most one
    left join requester on part.conversation_id = requester.conversation_id
    where part.part_type in ('comment', 'quick_reply', 'open', 'close')
        and part.body is not null
    union all
    select
        'parts' as stream,
        concat('part:', part.part_id, ':state') as natural_key,
        part.conversation_id,
        requester.company_id
    from stg_intercom__parts as part
    -- many to at most one
    left join requester on part.conversation_id = requester.conversation_id
    where part.part_type in (
        'open', 'close', 'note_and_reopen', 'snoozed', 'unsnoozed', 'timer_unsnooze',
        'assign_and_unsnooze'
    )

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
    stream,
    natural_key,
    'organization' as object_type,
    company_id as object_id,
    'account' as qualifier
from happened
where company_id is not null
