-- model: activity_event
-- layer: events
-- grain: one row per activity that is an event
-- key: natural_key
-- reads: stg_bitrix24__activities, stg_bitrix24__calls, stg_bitrix24__chat_messages
-- why: says once which activities are events: those that calls and chats do not tell
select activity_id, concat('activity:', activity_id) as natural_key, owner_type, owner_id, phone, email
from stg_bitrix24__activities as item
where (
    item.provider in ('CRM_WEBFORM', 'IMOPENLINES_SESSION', 'VOXIMPLANT_CALL')
    or item.type_id = 'email'
    -- what is only planned has not happened
    or (item.type_id in ('meeting', 'call', 'task') and item.is_completed)
    or (item.provider in ('CRM_TODO', 'CRM_TASKS_TASK') and item.is_completed)
)
-- telephony and open lines tell the same fact themselves, and more of it
and not exists (
    select 1 as found
    from stg_bitrix24__calls as told
    where told.activity_id = item.activity_id
)
and not exists (
    select 1 as found
    from stg_bitrix24__chat_messages as told
    where item.provider = 'IMOPENLINES_SESSION' and told.session_id = item.associated_id
)
