-- model: chat_card
-- layer: events
-- grain: one row per chat session
-- key: session_id
-- reads: stg_bitrix24__chat_sessions
-- why: the cards that a session hangs on, and who writes in it, out of the texts that name them
select
    session_id,
    split_part(line_user, '|', 4) as writer_id,
    nullif(regexp_extract(crm_cards, 'LEAD[|]([0-9]+)', 1), '') as lead_id,
    nullif(regexp_extract(crm_cards, 'CONTACT[|]([0-9]+)', 1), '') as contact_id,
    nullif(regexp_extract(crm_cards, 'COMPANY[|]([0-9]+)', 1), '') as company_id,
    nullif(regexp_extract(crm_cards, 'DEAL[|]([0-9]+)', 1), '') as deal_id
from stg_bitrix24__chat_sessions
