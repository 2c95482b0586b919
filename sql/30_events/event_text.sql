-- model: event_text
-- layer: events
-- grain: one row per event with words of a customer
-- key: event_id
-- reads: text_token, event
-- not_null: text, language, redaction_count
-- why: the only table with free text; personal data in it has been replaced before it came here
select
    event.event_id,
    token.text,
    token.language,
    token.redaction_count
from text_token as token
-- one to one
inner join event
    on token.source = event.source
    and token.stream = event.stream
    and token.natural_key = event.natural_key
