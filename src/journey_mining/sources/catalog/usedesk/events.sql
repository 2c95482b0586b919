-- model: events
-- layer: events
-- grain: one row per ticket opened, comment, and change of state
-- key: stream, natural_key
-- reads: stg_usedesk__changes, stg_usedesk__clients, stg_usedesk__comments, stg_usedesk__tickets
-- why: tickets say what was asked, comments who spoke, changes when it was settled
with

talk as (

    -- the first comment is what the ticket was opened with, and is told with it
    select
        remark.comment_id,
        remark.ticket_id,
        remark.side,
        remark.made_at,
        remark.body,
        remark._file_id,
        remark._line,
        row_number() over (
            partition by remark.ticket_id
            order by
                case when remark.is_first then 0 else 1 end,
                remark.made_at,
                length(remark.comment_id),
                remark.comment_id
        ) as comment_no
    from stg_usedesk__comments as remark
    inner join stg_usedesk__tickets as ticket on remark.ticket_id = ticket.ticket_id
    where coalesce(remark.is_private, false) = false

),

change as (

    select
        change.change_id,
        change.ticket_id,
        change.made_at,
        change.staff_id,
        change.old_status,
        change.new_status,
        change._file_id,
        change._line
    from stg_usedesk__changes as change
    inner join stg_usedesk__tickets as ticket on change.ticket_id = ticket.ticket_id
    where coalesce(change.new_status, '') not in ('', coalesce(change.old_status, ''))

),

told as (

    select
        'tickets' as stream,
        concat('ticket:', ticket.ticket_id, ':created') as natural_key,
        ticket.ticket_id,
        'ticket_created' as event_kind,
        'Тикет' as activity_raw,
        ticket.created_at as occurred_at,
        0 as order_hint,
        case when talk.side = 'user' then 'agent' else 'customer' end as actor_type,
        case when talk.side = 'user' then 'out' else 'in' end as direction,
        ticket._file_id,
        ticket._line
    from stg_usedesk__tickets as ticket
    -- one to at most one
    left join talk on ticket.ticket_id = talk.ticket_id and talk.comment_no = 1
    union all
    select
        'comments' as stream,
        concat('comment:', comment_id) as natural_key,
        ticket_id,
        'ticket_reply' as event_kind,
        case
            when side = 'client' then 'Сообщение клиента'
            when side = 'user' then 'Ответ поддержки'
            else 'Автоматический ответ'
        end as activity_raw,
        made_at as occurred_at,
        1 as order_hint,
        case when side = 'client' then 'customer' when side = 'user' then 'agent' else 'bot' end as actor_type,
        case when side = 'client' then 'in' else 'out' end as direction,
        _file_id,
        _line
    from talk
    where comment_no > 1
    union all
    select
        'changes' as stream,
        concat('change:', change_id) as natural_key,
        ticket_id,
        case
            when new_status = 'merged' then 'ticket_merged'
            when new_status = 'solved' then 'ticket_solved'
            when new_status = 'closed' and coalesce(old_status, '') <> 'solved' then 'ticket_solved'
            when old_status in ('solved', 'closed') and new_status in ('open', 'new', 'pending', 'on hold')
                then 'ticket_reopened'
            else 'ticket_status_changed'
        end as event_kind,
        concat('Статус: ', new_status) as activity_raw,
        made_at as occurred_at,
        2 as order_hint,
        case when staff_id is not null then 'agent' else 'system' end as actor_type,
        cast(null as varchar) as direction,
        _file_id,
        _line
    from change

)

select
    told.stream,
    told.natural_key,
    told.event_kind,
    told.activity_raw,
    told.occurred_at,
    'exact' as ts_quality,
    cast(told.order_hint as bigint) as order_hint,
    told.actor_type,
    case
        when lower(ticket.channel) like '%mail%' then 'email'
        when lower(ticket.channel) like '%phone%' or lower(ticket.channel) like '%call%' then 'phone'
        when lower(ticket.channel) like '%chat%' then 'chat'
        when lower(ticket.channel) like '%telegram%'
            or lower(ticket.channel) like '%whatsapp%'
            or lower(ticket.channel) like '%viber%' then 'messenger'
        when lower(ticket.channel) like '%vk%' or lower(ticket.channel) like '%facebook%' then 'social'
        when ticket.email is not null then 'email'
        else 'portal'
    end as channel,
    told.direction,
    case
        when ticket.status in ('spam', 'newsletter') or client.is_spam then 'bot'
    end as exclude,
    case
        when ticket.status in ('spam', 'newsletter') then ticket.status
        when client.is_spam then 'sender of spam'
    end as exclude_reason,
    told._file_id as file_id,
    told._line as line
from told
inner join stg_usedesk__tickets as ticket on told.ticket_id = ticket.ticket_id
-- many to at most one
left join stg_usedesk__clients as client on ticket.client_id = client.client_id
