-- model: event_texts
-- layer: events
-- grain: one row per message or letter that a customer wrote
-- key: stream, natural_key
-- reads: stg_bitrix24__activities, stg_bitrix24__chat_messages, stg_bitrix24__chat_sessions, stg_bitrix24__chat_users
-- why: what customers say in their own words; staff, robots and notes are left out
select
    'chat_messages' as stream,
    concat('message:', item.message_id) as natural_key,
    item.text
from stg_bitrix24__chat_messages as item
-- many to at most one
left join stg_bitrix24__chat_users as sender on item.sender_id = sender.user_id
-- many to at most one
left join stg_bitrix24__chat_sessions as chat on item.session_id = chat.session_id
where item.text is not null
    and coalesce(item.sender_id, '0') <> '0'
    and not coalesce(sender.is_bot, false)
    and (sender.is_connector or sender.is_extranet or item.sender_id = split_part(chat.line_user, '|', 4))
union all
select
    'activities' as stream,
    concat('activity:', activity_id) as natural_key,
    concat_ws(chr(10), subject, description) as text
from stg_bitrix24__activities
where type_id = 'email'
    and coalesce(direction, 'in') = 'in'
    and coalesce(provider, '') not in ('IMOPENLINES_SESSION', 'CRM_WEBFORM', 'VOXIMPLANT_CALL')
    and (subject is not null or description is not null)
