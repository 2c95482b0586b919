-- model: event_objects
-- layer: events
-- grain: one row per mail
-- key: stream, natural_key, object_type, object_id
-- reads: int_mbox__mail
-- why: binds the mails of one thread
select
    'mails' as stream,
    concat('mail:', md5(message_id)) as natural_key,
    'thread' as object_type,
    md5(thread_id) as object_id,
    'subject' as qualifier
from int_mbox__mail
