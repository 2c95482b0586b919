-- model: events
-- layer: events
-- grain: one row per conversation begun, reply, change of state, rating
-- key: stream, natural_key
-- reads: stg_intercom__conversations, stg_intercom__conversations__tags, stg_intercom__parts
-- why: a part may both say something and change the state; a conversation without parts tells its last closing only
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
    from stg_intercom__conversations__tags
    group by conversation_id

),

about as (

    select
        conversation.conversation_id,
        case when matter.tag is null then 'Тикет' else concat('Тикет: ', matter.tag) end as activity,
        case
            when conversation.source_type in ('phone_call', 'phone_switch') then 'phone'
            when conversation.source_type = 'email' then 'email'
            when conversation.source_type in ('whatsapp', 'sms') then 'messenger'
            when conversation.source_type in ('facebook', 'instagram', 'twitter') then 'social'
            else 'chat'
        end as channel,
        case when matter.is_test = 1 then 'test' end as exclude,
        case when matter.is_test = 1 then 'tag test' end as exclude_reason
    from stg_intercom__conversations as conversation
    -- one to at most one
    left join matter on conversation.conversation_id = matter.conversation_id

),

told_part as (

    select
        part_id,
        conversation_id,
        part_type,
        created_at,
        case
            when part_type in ('comment', 'quick_reply', 'open', 'close') and body is not null then 1
            else 0
        end as is_reply,
        case
            when part_type in ('open', 'close', 'note_and_reopen') then 1
            when part_type in (
                'snoozed', 'unsnoozed', 'timer_unsnooze', 'assign_and_unsnooze'
            ) then 1
            else 0
        end as is_move,
        max(case when part_type = 'close' then 1 else 0 end) over (
            partition by conversation_id
            order by created_at, length(part_id), part_id
            rows between unbounded preceding and 1 preceding
        ) as was_closed,
        case
            when author_type in ('user', 'lead', 'contact') then 'customer'
            when author_type = 'bot' or is_ai then 'bot'
            when author_type = 'admin' then 'agent'
            else 'system'
        end as author,
        try_cast(part_id as bigint) as part_no,
        _file_id,
        _line
    from stg_intercom__parts

),

untold_closing as (

    -- conversations of a list: closed, but no part says when
    select
        conversation.conversation_id,
        coalesce(
            conversation.last_close_at, conversation.updated_at, conversation.created_at
        ) as closed_at,
        case when conversation.last_close_at is null then 'approx' else 'exact' end as ts_quality,
        conversation._file_id,
        conversation._line
    from stg_intercom__conversations as conversation
    where conversation.state = 'closed'
        and not exists (
            select 1 as found
            from stg_intercom__parts as part
            where part.conversation_id = conversation.conversation_id
                and part.part_type = 'close'
        )

)

select
    'conversations' as stream,
    concat('conversation:', conversation.conversation_id, ':created') as natural_key,
    -- what a campaign, a bot or an agent sends first is a message, not a customer's ticket
    case
        when conversation.author_type in ('user', 'lead', 'contact') then 'ticket_created'
        when conversation.source_type = 'email' then 'email_out'
        else 'chat_message'
    end as event_kind,
    about.activity as activity_raw,
    conversation.created_at as occurred_at,
    'exact' as ts_quality,
    cast(0 as bigint) as order_hint,
    case
        when conversation.author_type in ('user', 'lead', 'contact') then 'customer'
        when conversation.author_type = 'bot' then 'bot'
        when conversation.delivered_as in ('automated', 'campaigns_initiated') then 'bot'
        when conversation.delivered_as = 'operator_initiated' then 'bot'
        else 'agent'
    end as actor_type,
    about.channel,
    case
        when conversation.author_type in ('user', 'lead', 'contact') then 'in'
        else 'out'
    end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    about.exclude,
    about.exclude_reason,
    cast(null as varchar) as attributes,
    conversation._file_id as file_id,
    conversation._line as line
from stg_intercom__conversations as conversation
-- one to one
inner join about on conversation.conversation_id = about.conversation_id
union all
select
    'conversations' as stream,
    concat('conversation:', conversation.conversation_id, ':csat') as natural_key,
    'csat' as event_kind,
    about.activity as activity_raw,
    coalesce(
        conversation.rated_at, conversation.updated_at, conversation.created_at
    ) as occurred_at,
    -- the time told is when the rating was asked for
    'approx' as ts_quality,
    cast(9000000000000000002 as bigint) as order_hint,
    'customer' as actor_type,
    about.channel,
    'in' as direction,
    concat(cast(conversation.rating as varchar), '/5') as score_raw,
    (cast(conversation.rating as double) - 1) / 4 as score_norm,
    about.exclude,
    about.exclude_reason,
    cast(null as varchar) as attributes,
    conversation._file_id as file_id,
    conversation._line as line
from stg_intercom__conversations as conversation
-- one to one
inner join about on conversation.conversation_id = about.conversation_id
where conversation.rating is not null
union all
select
    'conversations' as stream,
    concat('conversation:', untold_closing.conversation_id, ':solved') as natural_key,
    'ticket_solved' as event_kind,
    about.activity as activity_raw,
    untold_closing.closed_at as occurred_at,
    untold_closing.ts_quality,
    cast(9000000000000000001 as bigint) as order_hint,
    'agent' as actor_type,
    about.channel,
    'out' as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    about.exclude,
    about.exclude_reason,
    cast(null as varchar) as attributes,
    untold_closing._file_id as file_id,
    untold_closing._line as line
from untold_closing
-- one to one
inner join about on untold_closing.conversation_id = about.conversation_id
union all
select
    'parts' as stream,
    concat('part:', told_part.part_id, ':reply') as natural_key,
    'ticket_reply' as event_kind,
    coalesce(about.activity, 'Тикет') as activity_raw,
    told_part.created_at as occurred_at,
    'exact' as ts_quality,
    told_part.part_no * 2 as order_hint,
    case when told_part.author = 'system' then 'agent' else told_part.author end as actor_type,
    coalesce(about.channel, 'chat') as channel,
    case when told_part.author = 'customer' then 'in' else 'out' end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    about.exclude,
    about.exclude_reason,
    cast(null as varchar) as attributes,
    told_part._file_id as file_id,
    told_part._line as line
from told_part
-- many to at most one
left join about on told_part.conversation_id = about.conversation_id
where told_part.is_reply = 1
union all
select
    'parts' as stream,
    concat('part:', told_part.part_id, ':state') as natural_key,
    case
        when told_part.part_type = 'close' then 'ticket_solved'
        when told_part.part_type in ('open', 'note_and_reopen') and told_part.was_closed = 1
            then 'ticket_reopened'
        else 'ticket_status_changed'
    end as event_kind,
    coalesce(about.activity, 'Тикет') as activity_raw,
    told_part.created_at as occurred_at,
    'exact' as ts_quality,
    -- what is said comes before what it changes
    told_part.part_no * 2 + 1 as order_hint,
    case when told_part.author = 'bot' then 'system' else told_part.author end as actor_type,
    coalesce(about.channel, 'chat') as channel,
    case
        when told_part.author = 'customer' then 'in'
        when told_part.part_type = 'close' then 'out'
        else 'internal'
    end as direction,
    cast(null as varchar) as score_raw,
    cast(null as double) as score_norm,
    about.exclude,
    about.exclude_reason,
    concat('{"change": "', told_part.part_type, '"}') as attributes,
    told_part._file_id as file_id,
    told_part._line as line
from told_part
-- many to at most one
left join about on told_part.conversation_id = about.conversation_id
where told_part.is_move = 1
