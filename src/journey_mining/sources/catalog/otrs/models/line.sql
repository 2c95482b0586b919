-- model: line
-- layer: events
-- grain: one row per line of the history that is an event
-- key: history_id
-- reads: stg_otrs__articles, stg_otrs__history
-- why: says once which lines are events, and which article is meant by each
with

opening as (

    -- a new ticket has a line of its own, and its first message has another one: both are told as one event
    select
        ticket_id,
        max(case when kind = 'NewTicket' then 1 else 0 end) as is_seen,
        min(try_cast(article_id as bigint)) as article_no
    from stg_otrs__history
    group by ticket_id

)

select
    history.history_id,
    history.ticket_id,
    history.kind,
    case
        when history.kind in ('NewTicket', 'StateUpdate') then cast(opening.article_no as varchar)
        else history.article_id
    end as article_id,
    history.made_at,
    history.made_by,
    -- a change of state is written as %%old%%new%%
    case
        when left(history.name, 2) = '%%' then split_part(history.name, '%%', 2)
    end as old_state,
    coalesce(
        case
            when left(history.name, 2) = '%%'
                then nullif(split_part(history.name, '%%', 3), '')
        end,
        history.state,
        'unknown'
    ) as new_state,
    history._file_id,
    history._line
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
