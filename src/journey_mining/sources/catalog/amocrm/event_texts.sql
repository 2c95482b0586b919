-- model: event_texts
-- layer: events
-- grain: one row per short message or letter that a customer wrote
-- key: stream, natural_key
-- reads: stg_amocrm__contact_notes, stg_amocrm__deal_notes
-- why: what customers say in their own words; notes of staff are left out
select
    'deal_notes' as stream,
    concat('note:', note_id) as natural_key,
    case when type = 'sms_in' then text else concat_ws(chr(10), subject, summary) end as text
from stg_amocrm__deal_notes
where (type = 'sms_in' and text is not null)
    or (type = 'amomail_message' and is_incoming and (subject is not null or summary is not null))
union all
select
    'contact_notes' as stream,
    concat('note:', note_id) as natural_key,
    case when type = 'sms_in' then text else concat_ws(chr(10), subject, summary) end as text
from stg_amocrm__contact_notes
where (type = 'sms_in' and text is not null)
    or (type = 'amomail_message' and is_incoming and (subject is not null or summary is not null))
