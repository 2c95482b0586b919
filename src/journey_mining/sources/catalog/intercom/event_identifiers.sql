-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: stg_intercom__conversations, stg_intercom__parts, stg_intercom__contacts
-- why: several customers may take part in one conversation: what one of them wrote is his, all else the first one's
with

requester as (

    select
        conversation_id,
        state,
        rating,
        case
            when author_type in ('user', 'lead', 'contact') then author_id
            else contact_id
        end as contact_id,
        case when author_type in ('user', 'lead', 'contact') then author_email end as email
    from stg_intercom__conversations

),

happened as (

    select
        'conversations' as stream,
        concat('conversation:', conversation_id, ':created') as natural_key,
        contact_id,
        email
    from requester
    union all
    select
        'conversations' as stream,
        concat('conversation:', conversation_id, ':csat') as natural_key,
        contact_id,
        email
    from requester
    where rating is not null
    union all
    select
        'conversations' as stream,
        concat('conversation:', requester.conversation_id, ':solved') as natural_key,
        requester.contact_id,
        requester.email
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
        concat('part:', part.part_id, suffix.suffix) as natural_key,
        case
            when part.author_type in ('user', 'lead', 'contact') then part.author_id
            else requester.contact_id
        end as contact_id,
        case
            when part.author_type in ('user', 'lead', 'contact') then part.author_email
            else requester.email
        end as email
    from stg_intercom__parts as part
    cross join (
        select ':reply' as suffix
        union all
        select ':state' as suffix
    ) as suffix
    -- many to at most one
    left join requester on part.conversation_id = requester.conversation_id
    where (
            suffix.suffix = ':reply'
            and part.part_type in ('comment', 'quick_reply', 'open', 'close')
            and part.body is not null
        )
        or (
            suffix.suffix = ':state'
            and part.part_type in (
                'open', 'close', 'note_and_reopen', 'snoozed', 'unsnoozed', 'timer_unsnooze',
                'assign_and_unsnooze'
            )
        )

),

known as (

    select contact_id, 'email' as kind, email as value from stg_intercom__contacts
    union all
    select contact_id, 'phone' as kind, phone as value from stg_intercom__contacts
    union all
    -- leads have an external id that Intercom made up itself; an address would be published as it is
    select contact_id, 'crm_id' as kind, external_id as value
    from stg_intercom__contacts
    where coalesce(role, 'user') <> 'lead'
        and external_id not like '%@%'
        and external_id not like '+%'

),

bound as (

    select stream, natural_key, 'intercom_contact' as kind, contact_id as value from happened
    union all
    select stream, natural_key, 'email' as kind, email as value from happened
    union all
    select happened.stream, happened.natural_key, known.kind, known.value
    from happened
    -- many to many: each event carries all that is known of its contact
    inner join known on happened.contact_id = known.contact_id

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
