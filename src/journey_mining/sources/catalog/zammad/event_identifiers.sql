-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: stg_zammad__tickets, stg_zammad__articles, stg_zammad__history, stg_zammad__users
-- why: tickets name a customer; what somebody else wrote into one is that person's own
with

move as (

    select history_id, ticket_id, value_to
    from stg_zammad__history
    where object = 'Ticket'
        and attribute = 'state'
        and kind = 'updated'
        and value_to is not null

),

article as (

    select
        told.article_id,
        told.ticket_id,
        case when told.sender = 'Customer' then told.author_id end as author_id,
        case
            when row_number() over (
                partition by told.ticket_id
                order by told.created_at, length(told.article_id), told.article_id
            ) = 1
            and told.created_at <= ticket.created_at + interval '60' second
                then 1
            else 0
        end as is_opening
    from stg_zammad__articles as told
    -- many to at most one
    left join stg_zammad__tickets as ticket on told.ticket_id = ticket.ticket_id
    where not coalesce(told.is_internal, false)

),

happened as (

    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':created') as natural_key,
        ticket_id,
        cast(null as varchar) as author_id
    from stg_zammad__tickets
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket.ticket_id, ':solved') as natural_key,
        ticket.ticket_id,
        cast(null as varchar) as author_id
    from stg_zammad__tickets as ticket
    where ticket.state in ('closed', 'merged')
        and not exists (
            select 1 as found
            from move
            where move.ticket_id = ticket.ticket_id and move.value_to in ('closed', 'merged')
        )
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':csat') as natural_key,
        ticket_id,
        cast(null as varchar) as author_id
    from stg_zammad__tickets
    where rating is not null
    union all
    select
        'articles' as stream,
        concat('article:', article_id) as natural_key,
        ticket_id,
        author_id
    from article
    where is_opening = 0
    union all
    select
        'history' as stream,
        concat('history:', history_id) as natural_key,
        ticket_id,
        cast(null as varchar) as author_id
    from move

),

known as (

    select user_id, 'email' as kind, email as value from stg_zammad__users
    union all
    select user_id, 'phone' as kind, phone as value from stg_zammad__users
    union all
    select user_id, 'phone' as kind, mobile_phone as value from stg_zammad__users
    union all
    -- numbers only: an address kept there would be published as it is
    select user_id, 'crm_id' as kind, crm_id as value
    from stg_zammad__users
    where crm_id not like '%@%' and crm_id not like '+%'

),

person as (

    select
        happened.stream,
        happened.natural_key,
        coalesce(happened.author_id, ticket.customer_id) as user_id
    from happened
    -- many to at most one
    left join stg_zammad__tickets as ticket on happened.ticket_id = ticket.ticket_id

),

bound as (

    select stream, natural_key, 'zammad_user' as kind, user_id as value from person
    union all
    select person.stream, person.natural_key, known.kind, known.value
    from person
    -- many to many: each event carries all that is known of its customer
    inner join known on person.user_id = known.user_id

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
