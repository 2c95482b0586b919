-- model: events
-- layer: events
-- grain: one row per ticket opened, reply, change of state, rating
-- key: stream, natural_key
-- reads: int_zammad__article, int_zammad__move, int_zammad__ticket_event, stg_zammad__tickets, stg_zammad__tickets__tags, stg_zammad__users__role_ids
-- why: the history dates every state; without it the ticket itself tells when it was closed last
with

matter as (

    -- the tag that says what a ticket is about; list your own tags here
    select
        ticket_id,
        min(case
            when lower(item) in ('presale', 'onboarding', 'support', 'incident', 'billing')
                then lower(item)
        end) as tag,
        max(case when lower(item) in ('test', 'тест') then 1 else 0 end) as is_test
    from stg_zammad__tickets__tags
    group by ticket_id

),

staff as (

    select user_id
    from stg_zammad__users__role_ids
    where item in ('1', '2')
    group by user_id

),

about as (

    select
        ticket.ticket_id,
        ticket.customer_id,
        case when matter.tag is null then 'Тикет' else concat('Тикет: ', matter.tag) end as activity,
        case
            when ticket.article_type = 'email' then 'email'
            when ticket.article_type = 'phone' then 'phone'
            when ticket.article_type = 'chat' then 'chat'
            when ticket.article_type in ('sms', 'whatsapp message', 'telegram personal-message')
                then 'messenger'
            when ticket.article_type like 'twitter%' or ticket.article_type like 'facebook%'
                then 'social'
            else 'portal'
        end as channel,
        case
            when matter.is_test = 1 or lower(trim(ticket.title)) in ('test', 'тест') then 'test'
            when staff.user_id is not null then 'internal'
        end as exclude,
        case
            when matter.is_test = 1 then 'tag test'
            when lower(trim(ticket.title)) in ('test', 'тест') then 'title test'
            when staff.user_id is not null then 'agent requester'
        end as exclude_reason
    from stg_zammad__tickets as ticket
    -- one to at most one
    left join matter on ticket.ticket_id = matter.ticket_id
    -- many to at most one
    left join staff on ticket.customer_id = staff.user_id

),

happened as (

    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':created') as natural_key,
        ticket_id,
        case
            -- what an agent mails first is no request; a call that he writes down is one
            when article_sender = 'Agent' and article_type = 'email' then 'email_out'
            else 'ticket_created'
        end as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        cast(0 as bigint) as order_hint,
        case
            when article_sender = 'Agent' then 'agent'
            when article_sender = 'System' then 'system'
            else 'customer'
        end as actor_type,
        case
            when article_sender = 'Agent' and article_type = 'email' then 'out'
            else 'in'
        end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_zammad__tickets
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket.ticket_id, ':solved') as natural_key,
        ticket.ticket_id,
        case when ticket.state = 'merged' then 'ticket_merged' else 'ticket_solved' end as event_kind,
        coalesce(ticket.closed_at, ticket.updated_at, ticket.created_at) as occurred_at,
        case when ticket.closed_at is null then 'approx' else 'exact' end as ts_quality,
        cast(8000000000000000000 as bigint) as order_hint,
        'agent' as actor_type,
        'out' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        ticket._file_id,
        ticket._line
    from stg_zammad__tickets as ticket
    -- at most one to one
    inner join int_zammad__ticket_event as told
        on told.natural_key = concat('ticket:', ticket.ticket_id, ':solved')
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':csat') as natural_key,
        ticket_id,
        'csat' as event_kind,
        coalesce(closed_at, updated_at, created_at) as occurred_at,
        'approx' as ts_quality,
        cast(9000000000000000000 as bigint) as order_hint,
        'customer' as actor_type,
        'in' as direction,
        concat(cast(rating as varchar), '/5') as score_raw,
        (cast(rating as double) - 1) / 4 as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_zammad__tickets
    where rating is not null
    union all
    select
        'articles' as stream,
        concat('article:', article_id) as natural_key,
        ticket_id,
        'ticket_reply' as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        id_no as order_hint,
        case
            when sender = 'Customer' then 'customer'
            when sender = 'System' or is_auto then 'bot'
            else 'agent'
        end as actor_type,
        case when sender = 'Customer' then 'in' else 'out' end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from int_zammad__article
    where is_opening = 0
    union all
    select
        'history' as stream,
        concat('history:', history_id) as natural_key,
        ticket_id,
        event_kind,
        changed_at as occurred_at,
        'exact' as ts_quality,
        id_no as order_hint,
        actor_type,
        case
            when actor_type = 'customer' then 'in'
            when event_kind = 'ticket_solved' then 'out'
            else 'internal'
        end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        concat('{"status": "', replace(replace(value_to, chr(92), ''), '"', ''), '"}') as attributes,
        _file_id,
        _line
    from int_zammad__move

)

select
    happened.stream,
    happened.natural_key,
    happened.event_kind,
    coalesce(about.activity, 'Тикет') as activity_raw,
    happened.occurred_at,
    happened.ts_quality,
    happened.order_hint,
    happened.actor_type,
    coalesce(about.channel, 'portal') as channel,
    happened.direction,
    happened.score_raw,
    happened.score_norm,
    about.exclude,
    about.exclude_reason,
    happened.attributes,
    happened._file_id as file_id,
    happened._line as line
from happened
-- many to at most one
left join about on happened.ticket_id = about.ticket_id
