-- model: change
-- layer: events
-- grain: one row per change of a ticket's status
-- key: change_id
-- reads: stg_zendesk__changes, stg_zendesk__tickets
-- why: says once which changes are events
select
    told.change_id,
    told.ticket_id,
    coalesce(told.changed_at, told.told_at) as changed_at,
    told.author_id,
    coalesce(told.status, told.value) as status,
    told.previous,
    told._file_id,
    told._line
from stg_zendesk__changes as told
-- many to one: changes of deleted tickets are left out
inner join stg_zendesk__tickets as ticket on told.ticket_id = ticket.ticket_id
where told.kind = 'Change'
    and (told.status is not null or told.field = 'status')
    and coalesce(told.changed_at, told.told_at) is not null
    -- closing a solved ticket some days later is no new fact
    and not (coalesce(told.status, told.value) = 'closed' and coalesce(told.previous, '') = 'solved')
    and coalesce(told.status, told.value) <> coalesce(told.previous, '')
    and coalesce(told.status, told.value) <> 'deleted'
