-- model: session_event
-- layer: events
-- grain: one row per message or mark of a chat session
-- key: stream, natural_key
-- reads: stg_bitrix24__chat_messages, stg_bitrix24__chat_ratings
-- why: says once which messages and marks are events
select 'chat_messages' as stream, concat('message:', message_id) as natural_key, session_id
from stg_bitrix24__chat_messages
where coalesce(sender_id, '0') <> '0'
union all
select 'chat_ratings' as stream, concat('session:', session_id, ':vote') as natural_key, session_id
from stg_bitrix24__chat_ratings
where vote in ('like', 'dislike') and coalesce(rated_at, closed_at) is not null
