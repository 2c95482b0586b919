-- model: events
-- layer: events
-- grain: one row per ticket opened, comment, and change of state
-- key: stream, natural_key
-- reads: int_usedesk__told, stg_usedesk__clients, stg_usedesk__tickets
-- why: tickets say what was asked, comments who spoke, changes when it was settled
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
from int_usedesk__told as told
inner join stg_usedesk__tickets as ticket on told.ticket_id = ticket.ticket_id
-- many to at most one
left join stg_usedesk__clients as client on ticket.client_id = client.client_id
