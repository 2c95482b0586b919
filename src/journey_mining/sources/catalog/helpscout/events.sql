-- model: events
-- layer: events
-- grain: one row per conversation begun, reply, change of status, rating
-- key: stream, natural_key
-- reads: int_helpscout__changed, int_helpscout__conversation_event, int_helpscout__thread, stg_helpscout__conversations, stg_helpscout__conversations__tags, stg_helpscout__ratings
-- why: a thread may both say something and change the status; the thread that began the conversation is the conversation
with

matter as (

    -- the tag that says what a conversation is about; list your own tags here
    select
        conversation_id,
        min(case
            when lower(item) in ('presale', 'onboarding', 'support', 'incident', 'billing')
                then lower(item)
        end) as tag,
        max(case when lower(item) in ('test', 'тест') then 1 else 0 end) as is_test
    from stg_helpscout__conversations__tags
    group by conversation_id

),

about as (

    select
        conversation.conversation_id,
        case when matter.tag is null then 'Тикет' else concat('Тикет: ', matter.tag) end as activity,
        case
            when conversation.kind = 'phone' then 'phone'
            when conversation.kind = 'chat' or conversation.source_type = 'chat' then 'chat'
            when conversation.source_type in ('web', 'beacon', 'docs') then 'portal'
            else 'email'
        end as channel,
        case
            when conversation.status = 'spam' then 'bot'
            when matter.is_test = 1 then 'test'
            when lower(trim(conversation.subject)) in ('test', 'тест') then 'test'
        end as exclude,
        case
            when conversation.status = 'spam' then 'spam'
            when matter.is_test = 1 then 'tag test'
            when lower(trim(conversation.subject)) in ('test', 'тест') then 'subject test'
        end as exclude_reason
    from stg_helpscout__conversations as conversation
    -- one to at most one
    left join matter on conversation.conversation_id = matter.conversation_id

),

happened as (

    select
        'conversations' as stream,
        concat('conversation:', conversation_id, ':created') as natural_key,
        conversation_id,
        case
            when creator_type <> 'user' or kind = 'phone' then 'ticket_created'
            when kind = 'chat' then 'chat_message'
            -- what an agent writes first is no request of the customer
            else 'email_out'
        end as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        cast(0 as bigint) as order_hint,
        case when creator_type = 'user' then 'agent' else 'customer' end as actor_type,
        case when creator_type <> 'user' or kind = 'phone' then 'in' else 'out' end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_helpscout__conversations
    union all
    select
        'conversations' as stream,
        concat('conversation:', conversation.conversation_id, ':solved') as natural_key,
        conversation.conversation_id,
        'ticket_solved' as event_kind,
        coalesce(
            conversation.closed_at, conversation.updated_at, conversation.created_at
        ) as occurred_at,
        case when conversation.closed_at is null then 'approx' else 'exact' end as ts_quality,
        cast(8000000000000000000 as bigint) as order_hint,
        'agent' as actor_type,
        'out' as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        conversation._file_id,
        conversation._line
    from stg_helpscout__conversations as conversation
    -- at most one to one
    inner join int_helpscout__conversation_event as told
        on told.natural_key = concat('conversation:', conversation.conversation_id, ':solved')
    union all
    select
        'threads' as stream,
        concat('thread:', thread_id) as natural_key,
        conversation_id,
        'ticket_reply' as event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        id_no * 2 as order_hint,
        author as actor_type,
        case when author = 'customer' then 'in' else 'out' end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from int_helpscout__thread
    where is_message = 1 and is_opening = 0
    union all
    select
        'threads' as stream,
        concat('thread:', thread_id, ':status') as natural_key,
        conversation_id,
        event_kind,
        created_at as occurred_at,
        'exact' as ts_quality,
        id_no * 2 + 1 as order_hint,
        case
            when author = 'customer' then 'customer'
            when kind = 'lineitem' then 'system'
            else 'agent'
        end as actor_type,
        case
            when author = 'customer' then 'in'
            when event_kind = 'ticket_solved' then 'out'
            else 'internal'
        end as direction,
        cast(null as varchar) as score_raw,
        cast(null as double) as score_norm,
        case
            when status <> 'nochange' then concat('{"status": "', status, '"}')
        end as attributes,
        _file_id,
        _line
    from int_helpscout__changed
    union all
    select
        'ratings' as stream,
        concat('rating:', rating_id) as natural_key,
        conversation_id,
        case
            when category in ('promoter', 'passive', 'detractor') then 'nps'
            else 'csat'
        end as event_kind,
        rated_at as occurred_at,
        'exact' as ts_quality,
        cast(9000000000000000000 as bigint) as order_hint,
        'customer' as actor_type,
        'in' as direction,
        case
            when category in ('promoter', 'passive', 'detractor') then concat(rating, '/10')
            else rating
        end as score_raw,
        case
            when category in ('promoter', 'passive', 'detractor')
                then try_cast(rating as double) / 10
            when rating in ('great', 'up') then 1.0
            when rating = 'okay' then 0.5
            when rating in ('not_good', 'down') then 0.0
            when try_cast(rating as double) between 1 and 5
                then (try_cast(rating as double) - 1) / 4
        end as score_norm,
        cast(null as varchar) as attributes,
        _file_id,
        _line
    from stg_helpscout__ratings
    where rating <> 'unknown'

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
    coalesce(about.channel, 'email') as channel,
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
left join about on happened.conversation_id = about.conversation_id
