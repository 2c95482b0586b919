-- model: event_texts
-- layer: events
-- grain: one row per letter of a customer
-- key: stream, natural_key
-- reads: int_mbox__mail
-- why: what customers write, the subject once a thread; robots have nothing to say
with

letter as (

    select
        message_id,
        subject,
        body,
        row_number() over (
            partition by thread_id
            order by sent_at, message_id
        ) as letter_no
    from int_mbox__mail
    where what in ('in', 'form') and robot_reason is null

)

select
    'mails' as stream,
    concat('mail:', md5(message_id)) as natural_key,
    case when letter_no = 1 then concat_ws(chr(10), subject, body) else body end as text
from letter
where body is not null or (letter_no = 1 and subject is not null)
