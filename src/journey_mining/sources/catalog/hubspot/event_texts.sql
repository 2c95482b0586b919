-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_hubspot__emails, stg_hubspot__form_submissions
-- why: customers' own words only: mails that came in, and messages in forms
select
    'emails' as stream,
    concat('email:', email_id) as natural_key,
    concat_ws(chr(10), subject, body) as text
from stg_hubspot__emails
where direction in ('INCOMING_EMAIL', 'FORWARDED_EMAIL')
    and coalesce(status, 'SENT') not in ('SCHEDULED', 'SENDING', 'FAILED')
    and (subject is not null or body is not null)
union all
select
    'form_submissions' as stream,
    concat('form:', conversion_id) as natural_key,
    message as text
from stg_hubspot__form_submissions
where message is not null
