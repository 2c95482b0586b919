-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_zammad__articles, stg_zammad__tickets
-- why: what customers say in their own words: the first message with its title, and replies
with

written as (

    select
        told.article_id,
        told.ticket_id,
        told.sender,
        told.body,
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

)

select
    'tickets' as stream,
    concat('ticket:', ticket.ticket_id, ':created') as natural_key,
    concat_ws(chr(10), ticket.title, written.body) as text
from stg_zammad__tickets as ticket
-- one to at most one
left join written
    on ticket.ticket_id = written.ticket_id
    and written.is_opening = 1
    and written.sender = 'Customer'
where coalesce(ticket.article_sender, 'Customer') = 'Customer'
    and (ticket.title is not null or written.body is not null)
union all
select
    'articles' as stream,
    concat('article:', article_id) as natural_key,
    body as text
from written
where is_opening = 0 and sender = 'Customer' and body is not null
