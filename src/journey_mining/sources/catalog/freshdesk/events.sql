-- model: events
-- layer: events
-- grain: one row per ticket opened, reply, change of status, solving, reopening, rating
-- key: stream, natural_key
-- reads: int_freshdesk__ticket, stg_freshdesk__conversations, stg_freshdesk__ratings, stg_freshdesk__ticket_list__tags, stg_freshdesk__tickets, stg_freshdesk__tickets__tags, stg_freshdesk__tickets__version
-- why: what the API tells of a ticket wins over the CSV; the CSV gives what it can of tickets that the API did not bring
with

tag as (

    select ticket_id, lower(item) as item from stg_freshdesk__tickets__tags
    union all
    select ticket_id, lower(item) as item from stg_freshdesk__ticket_list__tags

),

matter as (

    -- the tag that says what a ticket is about; list your own tags here
    select
        ticket_id,
        min(case
            when item in ('presale', 'onboarding', 'support', 'incident', 'billing') then item
        end) as tag,
        max(case when item in ('test', 'тест') then 1 else 0 end) as is_test
    from tag
    group by ticket_id

),

about as (

    select
        ticket.ticket_id,
        case
            when matter.tag is not null then concat('Тикет: ', matter.tag)
            when ticket.ticket_type is not null then concat('Тикет: ', ticket.ticket_type)
            else 'Тикет'
        end as activity,
        case
            when ticket.source in ('email', 'outbound email', 'почта', 'эл. почта') then 'email'
            when ticket.source in ('phone', 'телефон') then 'phone'
            when ticket.source in ('chat', 'чат') then 'chat'
            when ticket.source in ('twitter', 'facebook') then 'social'
            when ticket.source = 'whatsapp' then 'messenger'
            else 'portal'
        end as channel,
        case when ticket.source = 'outbound email' then 1 else 0 end as is_outbound,
        case
            when ticket.is_spam then 'bot'
            when matter.is_test = 1 or lower(trim(ticket.subject)) in ('test', 'тест') then 'test'
        end as exclude,
        case
            when ticket.is_spam then 'spam'
            when matter.is_test = 1 then 'tag test'
            when lower(trim(ticket.subject)) in ('test', 'тест') then 'subject test'
        end as exclude_reason
    from int_freshdesk__ticket as ticket
    -- one to at most one
    left join matter on ticket.ticket_id = matter.ticket_id

),

seen_status as (

    -- each status the exports have shown; open at the start and solved at the end are told elsewhere
    select
        version.ticket_id,
        lower(version.status) as status,
        version.moved_at,
        min(version._file_id) as _file_id,
        min(version._line) as _line
    from stg_freshdesk__tickets__version as version
    -- many to one: deleted tickets have no current row
    inner join stg_freshdesk__tickets as told on version.ticket_id = told.ticket_id
    where version.moved_at > version.created_at
        and version.status not in ('resolved', 'closed')
        and (version.reopened_at is null or version.moved_at <> version.reopened_at)
    group by
        version.ticket_id,
        lower(version.status),
        version.moved_at

),

seen_solving as (

    -- a ticket that was opened again has lost its first time of solving; older files still tell it
    select
        version.ticket_id,
        coalesce(version.resolved_at, version.closed_at) as solved_at,
        min(version._file_id) as _file_id,
        min(version._line) as _line
    from stg_freshdesk__tickets__version as version
    -- many to one: deleted tickets have no current row
    inner join stg_freshdesk__tickets as told on version.ticket_id = told.ticket_id
    where coalesce(version.resolved_at, version.closed_at) is not null
    group by
        version.ticket_id,
        coalesce(version.resolved_at, version.closed_at)

),

happened as (

    select
        stream,
        concat('ticket:', ticket_id, ':created') as natural_key,
        ticket_id,
        'ticket_created' as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        cast(0 as bigint) as order_hint,
        'customer' as actor_type,
        'in' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from int_freshdesk__ticket
    union all
    select
        stream,
        concat('ticket:', ticket_id, ':solved') as natural_key,
        ticket_id,
        'ticket_solved' as event_kind,
        coalesce(solved_at, seen_at) as occurred_at,
        case when solved_at is null then 'approx' else 'exact' end as ts_quality,
        cast(6 as bigint) as order_hint,
        'agent' as actor_type,
        'out' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        case
            when resolution_time is not null
                then concat('{"resolution_time": "', replace(resolution_time, '"', ''), '"}')
        end as attributes,
        _file_id,
        _line
    from int_freshdesk__ticket as ticket
    where status in ('resolved', 'closed', 'решено', 'решен', 'закрыто', 'закрыт')
        and not exists (
            select 1 as found
            from seen_solving
            where seen_solving.ticket_id = ticket.ticket_id
        )
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':solved:', cast(solved_at as varchar)) as natural_key,
        ticket_id,
        'ticket_solved' as event_kind,
        solved_at as occurred_at,
        'exact' as ts_quality,
        cast(6 as bigint) as order_hint,
        'agent' as actor_type,
        'out' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from seen_solving
    union all
    select
        stream,
        concat('ticket:', ticket_id, ':reopened:', cast(reopened_at as varchar)) as natural_key,
        ticket_id,
        'ticket_reopened' as event_kind,
        reopened_at as occurred_at,
        'exact' as ts_quality,
        cast(4 as bigint) as order_hint,
        'system' as actor_type,
        'internal' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from int_freshdesk__ticket
    where reopened_at is not null
    union all
    select
        'tickets' as stream,
        concat('ticket:', ticket_id, ':', status, ':', cast(moved_at as varchar)) as natural_key,
        ticket_id,
        'ticket_status_changed' as event_kind,
        moved_at as occurred_at,
        'exact' as ts_quality,
        cast(5 as bigint) as order_hint,
        'system' as actor_type,
        'internal' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        concat('{"status": "', replace(status, '"', ''), '"}') as attributes,
        _file_id,
        _line
    from seen_status
    union all
    select
        stream,
        concat('ticket:', ticket_id, ':first_reply') as natural_key,
        ticket_id,
        'ticket_reply' as event_kind,
        first_reply_at as occurred_at,
        'exact' as ts_quality,
        cast(1 as bigint) as order_hint,
        'agent' as actor_type,
        'out' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from int_freshdesk__ticket as ticket
    where first_reply_at is not null
        and not exists (
            select 1 as found
            from stg_freshdesk__conversations as message
            where message.ticket_id = ticket.ticket_id
        )
    union all
    select
        'conversations' as stream,
        concat('message:', message_id) as natural_key,
        ticket_id,
        'ticket_reply' as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        cast(2 as bigint) as order_hint,
        case when is_incoming then 'customer' else 'agent' end as actor_type,
        case when is_incoming then 'in' else 'out' end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_freshdesk__conversations
    where not is_private and coalesce(origin, '0') <> '6'
    union all
    select
        'ratings' as stream,
        concat('rating:', rating_id) as natural_key,
        ticket_id,
        'csat' as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        cast(7 as bigint) as order_hint,
        'customer' as actor_type,
        'in' as direction,
        cast(rating as varchar) as score_raw,
        -- from -103 over 100 (neutral) to 103
        case
            when rating > 0 then 0.5 + (cast(rating as double) - 100) / 6
            else 0.5 + (cast(rating as double) + 100) / 6
        end as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_freshdesk__ratings
    where abs(rating) between 100 and 103
    union all
    select
        stream,
        concat('ticket:', ticket_id, ':csat') as natural_key,
        ticket_id,
        'csat' as event_kind,
        coalesce(solved_at, seen_at) as occurred_at,
        'approx' as ts_quality,
        cast(7 as bigint) as order_hint,
        'customer' as actor_type,
        'in' as direction,
        survey as score_raw,
        case survey
            when 'extremely happy' then 1.0
            when 'very happy' then 0.8333333333333334
            when 'happy' then 0.6666666666666666
            when 'neutral' then 0.5
            when 'unhappy' then 0.3333333333333333
            when 'very unhappy' then 0.16666666666666666
            else 0.0
        end as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from int_freshdesk__ticket as ticket
    where survey in (
            'extremely happy', 'very happy', 'happy', 'neutral', 'unhappy', 'very unhappy',
            'extremely unhappy'
        )
        and not exists (
            select 1 as found
            from stg_freshdesk__ratings as rating
            where rating.ticket_id = ticket.ticket_id
        )

)

select
    happened.stream,
    happened.natural_key,
    case
        -- what an agent sends first is no request of the customer
        when happened.event_kind = 'ticket_created' and about.is_outbound = 1 then 'email_out'
        else happened.event_kind
    end as event_kind,
    coalesce(about.activity, 'Тикет') as activity_raw,
    happened.occurred_at,
    happened.ts_quality,
    happened.order_hint,
    case
        when happened.event_kind = 'ticket_created' and about.is_outbound = 1 then 'agent'
        else happened.actor_type
    end as actor_type,
    coalesce(about.channel, 'portal') as channel,
    case
        when happened.event_kind = 'ticket_created' and about.is_outbound = 1 then 'out'
        else happened.direction
    end as direction,
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
