-- model: ticket_event
-- layer: events
-- grain: one row per event of a ticket
-- key: stream, natural_key
-- reads: int_zammad__article, int_zammad__move, stg_zammad__tickets
-- why: the events of each ticket and who acted, for identifiers and objects alike
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
        from int_zammad__move as move
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
from int_zammad__article
where is_opening = 0
union all
select
    'history' as stream,
    concat('history:', history_id) as natural_key,
    ticket_id,
    cast(null as varchar) as author_id
from int_zammad__move
