-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: stg_freshdesk__ticket_list, stg_freshdesk__tickets, stg_freshdesk__tickets__version, stg_freshdesk__conversations, stg_freshdesk__ratings, stg_freshdesk__contacts, stg_freshdesk__contacts__other_emails
-- why: tickets name a contact; what somebody else wrote into a ticket is that person's own
with

ticket as (

    select
        'tickets' as stream,
        ticket_id,
        contact_id,
        email,
        work_phone,
        mobile_phone,
        cast(null as varchar) as crm_id,
        lower(status) as status,
        reopened_at,
        cast(null as timestamp) as first_reply_at,
        cast(null as varchar) as survey
    from stg_freshdesk__tickets
    union all
    select
        'ticket_list' as stream,
        listed.ticket_id,
        listed.contact_id,
        listed.email,
        listed.work_phone,
        listed.mobile_phone,
        listed.crm_id,
        lower(listed.status) as status,
        cast(null as timestamp) as reopened_at,
        listed.first_reply_at,
        lower(listed.survey) as survey
    from stg_freshdesk__ticket_list as listed
    where not exists (
        select 1 as found
        from stg_freshdesk__tickets as told
        where told.ticket_id = listed.ticket_id
    )

),

happened as (

    select stream, concat('ticket:', ticket_id, ':created') as natural_key, ticket_id, contact_id
    from ticket
    union all
    select stream, concat('ticket:', ticket_id, ':solved') as natural_key, ticket_id, contact_id
    from ticket
    where status in ('resolved', 'closed', 'решено', 'решен', 'закрыто', 'закрыт')
        and not exists (
            select 1 as found
            from stg_freshdesk__tickets__version as version
            where version.ticket_id = ticket.ticket_id
                and coalesce(version.resolved_at, version.closed_at) is not null
        )
    union all
    select
        'tickets' as stream,
        concat(
            'ticket:', ticket.ticket_id, ':solved:',
            cast(coalesce(version.resolved_at, version.closed_at) as varchar)
        ) as natural_key,
        ticket.ticket_id,
        ticket.contact_id
    from stg_freshdesk__tickets as ticket
    -- one to many
    inner join stg_freshdesk__tickets__version as version on ticket.ticket_id = version.ticket_id
    where coalesce(version.resolved_at, version.closed_at) is not null
    union all
    select
        stream,
        concat('ticket:', ticket_id, ':reopened:', cast(reopened_at as varchar)) as natural_key,
        ticket_id,
        contact_id
    from ticket
    where reopened_at is not null
    union all
    select
        'tickets' as stream,
        concat(
            'ticket:', ticket.ticket_id, ':', lower(version.status), ':',
            cast(version.moved_at as varchar)
        ) as natural_key,
        ticket.ticket_id,
        ticket.contact_id
    from stg_freshdesk__tickets as ticket
    -- one to many
    inner join stg_freshdesk__tickets__version as version on ticket.ticket_id = version.ticket_id
    where version.moved_at > version.created_at
        and version.status not in ('resolved', 'closed')
        and (version.reopened_at is null or version.moved_at <> version.reopened_at)
    union all
    select stream, concat('ticket:', ticket_id, ':first_reply') as natural_key, ticket_id, contact_id
    from ticket
    where first_reply_at is not null
        and not exists (
            select 1 as found
            from stg_freshdesk__conversations as message
            where message.ticket_id = ticket.ticket_id
        )
    union all
    select
        'conversations' as stream,
        concat('message:', message.message_id) as natural_key,
        message.ticket_id,
        case
            when message.is_incoming then coalesce(message.user_id, ticket.contact_id)
            else ticket.contact_id
        end as contact_id
    from stg_freshdesk__conversations as message
    -- many to at most one
    left join ticket on message.ticket_id = ticket.ticket_id
    where not message.is_private and coalesce(message.origin, '0') <> '6'
    union all
    select
        'ratings' as stream,
        concat('rating:', rating.rating_id) as natural_key,
        rating.ticket_id,
        coalesce(rating.contact_id, ticket.contact_id) as contact_id
    from stg_freshdesk__ratings as rating
    -- many to at most one
    left join ticket on rating.ticket_id = ticket.ticket_id
    where abs(rating.rating) between 100 and 103
    union all
    select stream, concat('ticket:', ticket_id, ':csat') as natural_key, ticket_id, contact_id
    from ticket
    where survey in (
            'extremely happy', 'very happy', 'happy', 'neutral', 'unhappy', 'very unhappy',
            'extremely unhappy'
        )
        and not exists (
            select 1 as found
            from stg_freshdesk__ratings as rating
            where rating.ticket_id = ticket.ticket_id
        )

),

known as (

    select contact_id, 'email' as kind, email as value from stg_freshdesk__contacts
    union all
    select contact_id, 'email' as kind, item as value from stg_freshdesk__contacts__other_emails
    union all
    select contact_id, 'phone' as kind, work_phone as value from stg_freshdesk__contacts
    union all
    select contact_id, 'phone' as kind, mobile_phone as value from stg_freshdesk__contacts
    union all
    -- numbers only: an address kept there would be published as it is
    select contact_id, 'crm_id' as kind, crm_id as value
    from stg_freshdesk__contacts
    where crm_id not like '%@%' and crm_id not like '+%'

),

written as (

    -- what the ticket itself says of its requester
    select ticket_id, contact_id, 'email' as kind, email as value from ticket
    union all
    select ticket_id, contact_id, 'phone' as kind, work_phone as value from ticket
    union all
    select ticket_id, contact_id, 'phone' as kind, mobile_phone as value from ticket
    union all
    -- numbers only: an address kept there would be published as it is
    select ticket_id, contact_id, 'crm_id' as kind, crm_id as value
    from ticket
    where crm_id not like '%@%' and crm_id not like '+%'

),

bound as (

    select stream, natural_key, 'freshdesk_contact' as kind, contact_id as value from happened
    union all
    select happened.stream, happened.natural_key, known.kind, known.value
    from happened
    -- many to many: each event carries all that is known of its contact
    inner join known on happened.contact_id = known.contact_id
    union all
    select happened.stream, happened.natural_key, written.kind, written.value
    from happened
    -- many to many
    inner join written
        on happened.ticket_id = written.ticket_id
        and coalesce(happened.contact_id, '') = coalesce(written.contact_id, '')

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
