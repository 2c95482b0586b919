-- model: note
-- layer: events
-- grain: one row per note of a deal or contact
-- key: stream, note_id
-- reads: stg_amocrm__contact_notes, stg_amocrm__deal_notes
-- why: notes of deals and of contacts as one list, so that all agree on which calls of the events they tell
select
    'deal_notes' as stream, 'deal' as owner_type, note_id, entity_id, type, phone,
    case when is_incoming then from_email else to_email end as email,
    is_incoming, duration_s, call_status, created_at, _file_id, _line
from stg_amocrm__deal_notes
union all
select
    'contact_notes' as stream, 'contact' as owner_type, note_id, entity_id, type, phone,
    case when is_incoming then from_email else to_email end as email,
    is_incoming, duration_s, call_status, created_at, _file_id, _line
from stg_amocrm__contact_notes
