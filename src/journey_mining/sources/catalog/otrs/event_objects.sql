-- model: event_objects
-- layer: events
-- grain: one row per event and its ticket or company
-- key: stream, natural_key, object_type, object_id
-- reads: stg_otrs__articles, stg_otrs__history, stg_otrs__tickets
-- why: binds the events of one ticket, and the tickets of one company
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
    'ticket' as object_type,
    line.ticket_id as object_id,
    'subject' as qualifier
from line
union all
select
    'history' as stream,
    concat('history:', line.history_id) as natural_key,
    'organization' as object_type,
    -- a person without a company has his own address here, or a name: never published as it is
    md5(lower(ticket.company)) as object_id,
    'account' as qualifier
from line
-- many to one
inner join stg_otrs__tickets as ticket on line.ticket_id = ticket.ticket_id
where ticket.company is not null and ticket.company <> coalesce(ticket.customer, '')
