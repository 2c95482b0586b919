-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or organisation
-- key: stream, natural_key, object_type, object_id
-- reads: stg_zammad__tickets, stg_zammad__articles, stg_zammad__history
-- why: binds the events of one ticket, and the tickets of one organisation
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
        ticket_id
    from stg_zammad__tickets
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket.ticket_id, ':solved') as natural_key,
        ticket.ticket_id
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
        ticket_id
    from stg_zammad__tickets
    where rating is not null
    union all
    select
        'articles' as stream,
        concat('article:', article_id) as natural_key,
        ticket_id
    from article
    where is_opening = 0
    union all
    select
        'history' as stream,
        concat('history:', history_id) as natural_key,
        ticket_id
    from move

)

select
    stream,
    natural_key,
    'ticket' as object_type,
    ticket_id as object_id,
    'subject' as qualifier
from happened
union all
select
    happened.stream,
    happened.natural_key,
    'organization' as object_type,
    ticket.org_id as object_id,
    'account' as qualifier
from happened
-- many to one
inner join stg_zammad__tickets as ticket on happened.ticket_id = ticket.ticket_id
where ticket.org_id is not null
