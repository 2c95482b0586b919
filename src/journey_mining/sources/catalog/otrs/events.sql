-- model: events
-- layer: events
-- grain: one row per ticket opened, message to or from a customer, and change of state
-- key: stream, natural_key
-- reads: int_otrs__line, stg_otrs__articles, stg_otrs__history
-- why: the history is the log of the desk; articles say who wrote, and by which way
with

place as (

    -- where a ticket stands now: once it was moved into the queue of junk, all of it is junk
    select
        ticket_id,
        queue,
        row_number() over (
            partition by ticket_id
            order by made_at desc, length(history_id) desc, history_id desc
        ) as back_no
    from stg_otrs__history
    where queue is not null

),

told as (

    select
        line.history_id,
        line.made_at,
        line.made_by,
        line.new_state,
        line._file_id,
        line._line,
        coalesce(article.sender, '') as sender,
        case
            when line.kind = 'NewTicket' then 'ticket_created'
            when line.kind in ('SendAnswer', 'EmailAgent', 'PhoneCallAgent') then 'out'
            when line.kind <> 'StateUpdate' then 'in'
            when line.new_state = 'merged' then 'ticket_merged'
            when line.new_state like 'closed%' then 'ticket_solved'
            when line.old_state like 'closed%' then 'ticket_reopened'
            else 'ticket_status_changed'
        end as what,
        case
            when lower(article.channel) like '%phone%' or line.kind like 'PhoneCall%' then 'phone'
            when lower(article.channel) like '%chat%' then 'chat'
            when lower(article.channel) like '%sms%' then 'messenger'
            when lower(article.channel) like '%internal%' then 'portal'
            when lower(article.channel) like '%web%' then 'portal'
            when line.kind = 'WebRequestCustomer' then 'portal'
            else 'email'
        end as channel,
        case
            when lower(place.queue) like '%junk%' or lower(place.queue) like '%spam%' then 'bot'
        end as exclude
    from int_otrs__line as line
    -- many to at most one
    left join stg_otrs__articles as article on line.article_id = article.article_id
    -- many to at most one
    left join place on line.ticket_id = place.ticket_id and place.back_no = 1

)

select
    'history' as stream,
    concat('history:', history_id) as natural_key,
    case when what in ('in', 'out') then 'ticket_reply' else what end as event_kind,
    case
        when what = 'ticket_created' then 'Тикет'
        when what = 'in' then 'Сообщение клиента'
        when what = 'out' then 'Ответ поддержки'
        else concat('Статус: ', new_state)
    end as activity_raw,
    made_at as occurred_at,
    'exact' as ts_quality,
    try_cast(history_id as bigint) as order_hint,
    case
        when what = 'ticket_created' and sender in ('agent', 'system') then sender
        when what in ('ticket_created', 'in') then 'customer'
        when what = 'out' then 'agent'
        -- number 1 is the system itself
        when made_by = '1' then 'system'
        else 'agent'
    end as actor_type,
    channel,
    case
        when what = 'ticket_created' and sender = 'agent' then 'out'
        when what in ('ticket_created', 'in') then 'in'
        when what = 'out' then 'out'
    end as direction,
    exclude,
    case when exclude = 'bot' then 'queue of junk' end as exclude_reason,
    _file_id as file_id,
    _line as line
from told
