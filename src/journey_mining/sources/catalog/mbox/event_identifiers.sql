-- model: event_identifiers
-- layer: events
-- grain: one row per mail whose customer is known
-- key: stream, natural_key, kind, value
-- reads: int_mbox__mail, stg_mbox__mails__to_emails
-- why: the customer is who wrote, or who was written to; several recipients are several people and never joined
with

writer as (

    select
        thread_id,
        coalesce(case when what = 'form' then reply_email else from_email end, '') as email,
        row_number() over (
            partition by thread_id
            order by sent_at, message_id
        ) as letter_no
    from int_mbox__mail
    where what in ('in', 'form') and robot_reason is null

),

addressed as (

    -- of several recipients the customer is the one who began the thread
    select
        mail.message_id,
        writer.email
    from int_mbox__mail as mail
    inner join writer on mail.thread_id = writer.thread_id and writer.letter_no = 1
    inner join stg_mbox__mails__to_emails as recipient
        on mail.message_id = recipient.message_id and recipient.item = writer.email
    where mail.what = 'out' and mail.to_customer = 'several'

),

known as (

    select
        message_id,
        from_email as email
    from int_mbox__mail
    where what = 'in'
    union all
    select
        message_id,
        reply_email as email
    from int_mbox__mail
    where what = 'form'
    union all
    select
        message_id,
        lower(to_customer) as email
    from int_mbox__mail
    where what = 'out' and to_customer not in ('none', 'several')
    union all
    select
        message_id,
        email
    from addressed

)

select distinct
    'mails' as stream,
    concat('mail:', md5(message_id)) as natural_key,
    'email' as kind,
    email as value
from known
where email is not null
