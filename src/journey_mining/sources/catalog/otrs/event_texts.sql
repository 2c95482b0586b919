-- model: event_texts
-- layer: events
-- grain: one row per message of a customer
-- key: stream, natural_key
-- reads: int_otrs__line, stg_otrs__articles
-- why: what customers write; agents and the system are not quoted
select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    case
        when line.kind = 'NewTicket' then concat_ws(chr(10), article.subject, article.body)
        else article.body
    end as text
from int_otrs__line as line
-- one to one
inner join stg_otrs__articles as article on line.article_id = article.article_id
where line.kind <> 'StateUpdate'
    and article.sender = 'customer'
    and concat_ws('', article.subject, article.body) <> ''
    and (line.kind = 'NewTicket' or article.body is not null)
