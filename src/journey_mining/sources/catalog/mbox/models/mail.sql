-- model: mail
-- layer: events
-- grain: one row per mail
-- key: message_id
-- reads: stg_mbox__mails
-- why: says once who wrote to whom, what robots wrote, and where the thread began
select
    one.message_id,
    -- some programs name only the mail they answer: four steps back lead to the beginning of most threads
    coalesce(four.thread_id, three.thread_id, two.thread_id, one.thread_id) as thread_id,
    one.sent_at,
    case
        when one.from_side = 'own' and one.reply_side = 'other' then 'form'
        when one.from_side = 'own' and coalesce(one.to_customer, 'none') = 'none' then 'internal'
        when one.from_side = 'own' then 'out'
        else 'in'
    end as what,
    case
        when one.spam_flag = 'yes' then 'spam'
        when lower(one.labels) like '%spam%' or lower(one.labels) like '%спам%' then 'spam'
        -- forms of the site send themselves what customers wrote in them
        when one.from_side = 'own' and one.reply_side = 'other' then null
        when one.content_type = 'multipart/report' then 'report of delivery'
        when one.from_email like 'mailer-daemon@%' or one.from_email like 'postmaster@%'
            then 'report of delivery'
        when coalesce(one.auto, 'no') <> 'no' then 'automatic answer'
        when one.precedence in ('bulk', 'junk', 'list', 'auto_reply') then 'bulk mail'
        when one.list_id is not null then 'bulk mail'
        when one.from_email like 'no-reply@%' or one.from_email like 'noreply@%'
            or one.from_email like 'donotreply@%' or one.from_email like 'do-not-reply@%'
            then 'sender that reads nothing'
        when lower(one.subject) like 'автоответ%' or lower(one.subject) like 'автоматический ответ%'
            or lower(one.subject) like 'automatic reply%' or lower(one.subject) like 'auto-reply%'
            or lower(one.subject) like 'autoreply%' or lower(one.subject) like 'out of office%'
            then 'automatic answer'
    end as robot_reason,
    one.from_email,
    one.reply_email,
    one.to_customer,
    one.subject,
    one.body,
    one._file_id,
    one._line
from stg_mbox__mails as one
left join stg_mbox__mails as two
    on one.thread_id = two.message_id and two.thread_id <> one.thread_id
left join stg_mbox__mails as three
    on two.thread_id = three.message_id and three.thread_id <> two.thread_id
left join stg_mbox__mails as four
    on three.thread_id = four.message_id and four.thread_id <> three.thread_id
