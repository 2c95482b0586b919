-- model: talk
-- layer: events
-- grain: one row per message that the customer sees
-- key: message_id
-- reads: stg_omnidesk__cases, stg_omnidesk__messages
-- why: numbers the messages of a case once, so that all agree on which of them opened it
-- the first message of a case is what it was opened with, and is told with it
select
    message.message_id,
    message.case_id,
    message.user_id,
    message.staff_id,
    message.is_by_rule,
    message.created_at,
    message._file_id,
    message._line,
    row_number() over (
        partition by message.case_id
        order by message.created_at, length(message.message_id), message.message_id
    ) as message_no
from stg_omnidesk__messages as message
inner join stg_omnidesk__cases as desk_case on message.case_id = desk_case.case_id
where coalesce(message.is_note, false) = false
    and (message.user_id is not null or message.staff_id is not null)
