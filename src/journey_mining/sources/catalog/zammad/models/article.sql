-- model: article
-- layer: events
-- grain: one row per article that the customer sees
-- key: article_id
-- reads: stg_zammad__articles, stg_zammad__tickets
-- why: says once which article opened the ticket, and is the ticket
select
    told.article_id,
    told.ticket_id,
    told.created_at,
    told.sender,
    told.body,
    case when told.sender = 'Customer' then told.author_id end as author_id,
    told.is_auto,
    -- the article that opened the ticket is the ticket
    case
        when row_number() over (
            partition by told.ticket_id
            order by told.created_at, length(told.article_id), told.article_id
        ) = 1
        and told.created_at <= ticket.created_at + interval '60' second
            then 1
        else 0
    end as is_opening,
    try_cast(told.article_id as bigint) as id_no,
    told._file_id,
    told._line
from stg_zammad__articles as told
-- many to at most one
left join stg_zammad__tickets as ticket on told.ticket_id = ticket.ticket_id
where not coalesce(told.is_internal, false)
