-- model: event_texts
-- layer: events
-- grain: one row per message of a customer
-- key: stream, natural_key
-- reads: stg_otrs__articles, stg_otrs__history
-- why: what customers write; agents and the system are not quoted
with

opening as (

    -- a new ticket has a line of its own, and its first message has another one: both are told as one event
    select
        ticket_id,
        max(case when kind = 'NewTicket' then 1 else 0 end) as is_seen,
        min(try_cast(article_id as bigint)) as article_no
    from stg_otrs__history
    group by ticket_id

),

line as (

    select
        history.history_id,
        history.ticket_id,
        history.kind,
        case
            when history.kind in ('NewTicket', 'StateUpdate') then cast(opening.article_no as varchar)
            else history.article_id
        end as article_id
    from stg_otrs__history as history
    inner join opening on history.ticket_id = opening.ticket_id
    where history.kind in ('NewTicket', 'StateUpdate')
        or (
            history.kind in (
                'FollowUp', 'EmailCustomer', 'PhoneCallCustomer', 'WebRequestCustomer',
                'SendAnswer', 'EmailAgent', 'PhoneCallAgent'
            )
            and not (
                opening.is_seen = 1
                and coalesce(history.article_id, '') = cast(opening.article_no as varchar)
            )
            -- what customers cannot see is no message to them
            and not exists (
                select 1 as found
                from stg_otrs__articles as article
                where article.article_id = history.article_id and article.is_visible = false
            )
        )

)

select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    case
        when line.kind = 'NewTicket' then concat_ws(chr(10), article.subject, article.body)
        else article.body
    end as text
from line
-- one to one
inner join stg_otrs__articles as article on line.article_id = article.article_id
where line.kind <> 'StateUpdate'
    and article.sender = 'customer'
    and concat_ws('', article.subject, article.body) <> ''
    and (line.kind = 'NewTicket' or article.body is not null)
