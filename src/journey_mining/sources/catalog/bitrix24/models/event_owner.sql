-- model: event_owner
-- layer: events
-- grain: one row per event and card that it hangs on
-- key: stream, natural_key, owner_type, owner_id
-- reads: int_bitrix24__activity_event, int_bitrix24__call_event, int_bitrix24__card_event, int_bitrix24__chat_card, int_bitrix24__session_event, stg_bitrix24__calls
-- why: says once whose each event is: people and objects are bound to it by its card
with

session_owner as (

    -- 0 is no card
    select session_id, 'lead' as owner_type, lead_id as owner_id from int_bitrix24__chat_card where lead_id <> '0'
    union all
    select session_id, 'contact' as owner_type, contact_id as owner_id from int_bitrix24__chat_card where contact_id <> '0'
    union all
    select session_id, 'company' as owner_type, company_id as owner_id from int_bitrix24__chat_card where company_id <> '0'
    union all
    select session_id, 'deal' as owner_type, deal_id as owner_id from int_bitrix24__chat_card where deal_id <> '0'

)

select stream, natural_key, entity as owner_type, card_id as owner_id
from int_bitrix24__card_event
where entity in ('deal', 'lead')
union all
select 'activities' as stream, natural_key, owner_type, owner_id
from int_bitrix24__activity_event
where owner_type in ('lead', 'deal', 'contact', 'company') and owner_id is not null
union all
select 'calls' as stream, call_event.natural_key, call.owner_type, call.owner_id
from int_bitrix24__call_event as call_event
-- many to one
inner join stg_bitrix24__calls as call on call_event.call_id = call.call_id
where call.owner_type in ('lead', 'deal', 'contact', 'company') and call.owner_id is not null
union all
select session_event.stream, session_event.natural_key, session_owner.owner_type, session_owner.owner_id
from int_bitrix24__session_event as session_event
-- many to many: a session may hang on several cards
inner join session_owner on session_event.session_id = session_owner.session_id
